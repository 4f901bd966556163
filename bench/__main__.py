"""`python -m bench [name ...]`: run every module of this package that has `run()`, or those named."""

import os
import sys
from importlib import import_module
from pkgutil import iter_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
os.environ.setdefault("PORTAL_MODE", "development")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

import bench  # noqa: E402
from bench import Measured, Promise  # noqa: E402

missed: list[str] = []


def print_row(what: str, measured: Measured, promise: Promise | None = None) -> None:
    kept, limits = "", ""
    if promise:
        kept = "MISSED" if measured.breaks(promise) else "kept"
        units = [(promise.p95_ms, "ms"), (promise.queries, "queries"), (promise.cpu_ms, "ms CPU")]
        units.append((promise.peak_mb, "MB"))
        limits = ", ".join(f"{limit:g} {unit}" for limit, unit in units if limit is not None)
    if kept == "MISSED":
        missed.append(what)
    times = f"{measured.p50:>8.1f} {measured.p95:>8.1f} {measured.cpu_ms:>8.1f}"
    print(f"{what:<50} {times} {measured.queries:>8}  {kept:<6} {limits}", flush=True)


def main() -> None:
    names = [module.name for module in iter_modules(bench.__path__) if not module.name.startswith("_")]
    wanted = sys.argv[1:] or names
    if unknown := set(wanted) - set(names):
        sys.exit(f"There is no bench named {', '.join(sorted(unknown))}. There are: {', '.join(names)}.")
    connection.settings_dict["TEST"]["NAME"] = f"bench_{connection.settings_dict['NAME']}"
    print("The bench has a database of its own, which it keeps for the next time.", file=sys.stderr)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
    call_command("collectstatic", interactive=False, verbosity=0)  # hashed and compressed, as in production
    print(f"{'':<50} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'queries':>8}  promise")
    for name in wanted:
        module = import_module(f"bench.{name}")
        if hasattr(module, "run"):
            module.run(print_row)
    sys.exit(f"Missed: {', '.join(missed)}." if missed else 0)


main()
