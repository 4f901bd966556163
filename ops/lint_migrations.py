"""Would a migration break the release that still runs beside it, or lock a table for long? Part of `make check`.

`django-migration-linter` reads the SQL of every migration of ours. Tables that a migration makes itself may get
anything; first migrations are passed over. What it refuses and somebody has looked at stands in
`ops/reviewed-migrations.txt`, one a line with the reason: an entry without need is an error as well.

    python -m ops.lint_migrations
"""

import logging
import os
import sys
from pathlib import Path

import django
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
REVIEWED = Path(__file__).with_name("reviewed-migrations.txt")
# Warnings of an index that locks a table while it is built: ours take seconds.
LEFT_OUT = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]


def reviewed() -> dict[str, str]:
    lines = [line for line in REVIEWED.read_text().splitlines() if line.strip() and not line.startswith("#")]
    entries = dict(line.split(None, 1) if len(line.split(None, 1)) == 2 else (line, "") for line in lines)
    if nameless := [name for name, reason in entries.items() if not reason]:
        sys.exit(f"{REVIEWED.name}: say why {', '.join(nameless)} is right.")
    return entries


def refused() -> dict[str, list[str]]:
    """app.migration → what the linter has against it."""
    from django_migration_linter import MigrationLinter
    from django_migration_linter.sql_analyser import analyse_sql_statements

    ours = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
    }
    linter = MigrationLinter(
        path=str(ROOT), no_cache=True, no_output=True, analyser_string="postgresql", ignore_initial_migrations=True
    )
    found: dict[str, list[str]] = {}
    for (label, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        if label not in ours or linter.should_ignore_migration(label, name, migration.operations, migration.initial):
            continue
        sql = linter.get_sql(label, name)
        errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, sql, LEFT_OUT)
        data_errors, _ignored, _warnings = linter.analyse_data_migration(migration)
        if problems := [*errors, *data_errors]:
            found[f"{label}.{name}"] = [str(problem.message) for problem in problems]
    return found


def main() -> int:
    django.setup()
    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)  # not a line for each that is fine
    known, found = reviewed(), refused()
    for name in sorted(found.keys() - known.keys()):
        print(f"{name}: {'; '.join(dict.fromkeys(found[name]))}")
    for name in sorted(known.keys() - found.keys()):
        print(f"{name}: stands in {REVIEWED.name} without need")
    return int(found.keys() != known.keys())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
    sys.exit(main())
