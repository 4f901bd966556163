"""Bring the database and the static files up to date, in one Django process because starting Django takes seconds.

Every step is safe to repeat. Collecting static files is skipped while neither they nor the packages have changed.
SCALE, when set, is handed to load_demo.
"""

import os
from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

STAMP = Path(__file__).resolve().parent.parent / ".local" / "stamps" / "static"


def prepare() -> None:
    migrations = MigrationExecutor(connection)
    if migrations.migration_plan(migrations.loader.graph.leaf_nodes()):
        print("Preparing the database", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("prepare")
    collect_static_files()
    scale = os.environ.get("SCALE")
    call_command("load_demo", *(["--scale", scale] if scale else []))
    print_sign_ins()


def print_sign_ins() -> None:
    from demo.people import PASSWORD, RESIDENTS, STAFF  # models: only once Django is set up

    print(f"\nDemo sign-ins, all with the password {PASSWORD} (staff need a code as well: see /demo/)")
    for email, first, last, note in RESIDENTS:
        print(f"  {email:30} {first} {last}. {note}")
    for email, first, last, role in STAFF:
        print(f"  {email:30} {first} {last}, {role.replace('_', ' ')}")


def collect_static_files() -> None:
    if not settings.HASHED_STATIC:
        return
    value = static_fingerprint()
    if STAMP.exists() and STAMP.read_text() == value and Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        return
    print("Collecting static files", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    STAMP.parent.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(value)


def static_fingerprint() -> str:
    """Changes with the name, size or time of any file that collectstatic would copy."""
    digest = sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    django.setup()
    prepare()
