"""The tables of the house, laid once: every database of the tests begins as a copy of them.

The migrations take half a minute, a copy takes a second. The name of the original holds a fingerprint of the migrations
and of the installed packages: when one of them changed, it is laid anew, and the old one is thrown away.
"""

import hashlib
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from barnet.operations.backups.databases import drop_database

_PREFIX = "test_tables_"
_LOCK = 0x7461626C  # any number that nobody else uses for an advisory lock


def tables() -> str:
    """The name of the database to copy. The first process lays it, the others wait."""
    name = _PREFIX + _fingerprint()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        laid = {row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_tables_%'")}
        if name not in laid:
            for old in laid:
                drop_database(server, old)
            _lay(server, name)
    return name


def new_database(name: str, *, like: str = "template1") -> str:
    """A database beside that of `DATABASE_URL`, in place of an older one of this name. Returns its address."""
    with _server() as server:
        drop_database(server, name)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
    return _address(name)


def _lay(server: psycopg.Connection, name: str) -> None:
    """Under another name until it is whole: whoever is stopped half way leaves nothing that looks laid."""
    half = f"half_{name}"
    address = new_database(half)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address},
        check=True,
    )
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))


def _fingerprint() -> str:
    files = [*settings.BASE_DIR.glob("*/**/migrations/*.py"), settings.BASE_DIR / "requirements.txt"]
    ours = [file for file in sorted(files) if not {"node_modules", ".venv"} & set(file.parts)]
    digest = hashlib.sha256()
    for file in ours:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _server() -> psycopg.Connection:
    options = settings.DATABASES["default"]
    kwargs = {key.lower(): options[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if options[key]}
    extra = {key: value for key, value in options["OPTIONS"].items() if key in {"host", "port"}}
    return psycopg.connect(dbname="postgres", autocommit=True, **kwargs, **extra)


def _address(name: str) -> str:
    address = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(address._replace(path=f"{address.path.rpartition('/')[0]}/{name}"))
