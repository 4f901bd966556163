"""`manage.py restore`: a backup into a database of its own."""

import argparse
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from barnet.operations.backups import restoring
from barnet.operations.backups.programs import BackupError

_HELP = """\
Restores a backup and compares the result with what was saved, table by table and file by file.

  manage.py restore /srv/backups/portal-20261124T023000Z --into postgis://portal@db/drill --dry-run
  manage.py restore /srv/backups/portal-20261124T023000Z --into postgis://portal@db/drill --files /srv/drill

The target is created when it is missing. One that holds tables is refused; with --force it is dropped first.
"""


class Command(BaseCommand):
    help = _HELP
    requires_system_checks = []  # it runs on the day when the portal's own database is gone
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="that `backup` made")
        parser.add_argument("--into", required=True, metavar="DATABASE_URL", help="the target")
        parser.add_argument("--files", type=Path, metavar="DIR", help="an empty folder for media/ and private/")
        parser.add_argument("--dry-run", action="store_true", help="check the backup and the target, write nothing")
        parser.add_argument("--force", action="store_true", help="drop a target that holds tables")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._restore(target_of(options["into"]), **options)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _restore(self, target: dict[str, Any], **options: Any) -> None:
        folder = options["folder"]
        manifest = restoring.read_manifest(folder)
        size = restoring.verify(folder, manifest)
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"The backup of {manifest['taken_at']} is whole: {size:,} bytes, {rows:,} rows.")
        state = restoring.describe_target(target)
        self.stdout.write(f"The target {target['NAME']} is {state}.")
        if state == "in use" and not options["force"]:
            raise BackupError(f"{target['NAME']} holds tables: name another, or drop it with --force.")
        if _is_own(target) and not options["force"]:
            raise BackupError("That is the database of this portal: stop the portal, and say --force.")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
            return
        passphrase = Path(settings.BACKUP_PASSPHRASE_FILE) if settings.BACKUP_PASSPHRASE_FILE else None
        if options["files"]:
            restoring.restore_files(
                folder, manifest, into=options["files"], passphrase_file=passphrase, say=self.stdout.write
            )
        else:
            self.stdout.write("Files are not restored: name a folder with --files.")
        restoring.restore_database(folder, manifest, into=target, passphrase_file=passphrase, say=self.stdout.write)


def target_of(url: str) -> dict[str, Any]:
    try:
        target = environ.Env.db_url_config(url)
    except (ValueError, ImproperlyConfigured):
        raise CommandError("--into is an address such as postgis://portal@db.example:5432/drill.") from None
    if not target.get("NAME") or "postg" not in str(target.get("ENGINE")):
        raise CommandError("--into is an address such as postgis://portal@db.example:5432/drill.")
    return target


def _is_own(target: dict[str, Any]) -> bool:
    own = connection.settings_dict
    return all(str(own.get(key) or "") == str(target.get(key) or "") for key in ("NAME", "HOST", "PORT"))
