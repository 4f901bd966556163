"""`manage.py backup`: the database and all files, in one folder."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from barnet.operations.backups.programs import BackupError
from barnet.operations.backups.taking import take_backup

_HELP = """\
Saves the database and all files into a new folder, with a manifest of row counts and checksums.

  manage.py backup --to /srv/backups
  manage.py backup --to /srv/backups --keep 14      and delete older ones
"""


class Command(BaseCommand):
    help = _HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=Path(settings.BACKUP_ROOT), help="%(default)s")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all but the newest N; 0 keeps all")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep is a number of backups, or 0 to keep all.")
        passphrase = settings.BACKUP_PASSPHRASE_FILE
        try:
            folder = take_backup(
                database=connection.settings_dict,
                to=options["to"],
                keep=options["keep"],
                passphrase_file=Path(passphrase) if passphrase else None,
                say=self.stdout.write,
                now=timezone.now(),
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Saved in {folder}")
