import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from barnet.kit.files.sweeping import OLD, OtherDatabaseError
from portal.smartforms.files.sweeping import leftovers, sweep


class Command(BaseCommand):
    help = (
        f"Deletes the files of forms that no answer knows and that are older than {OLD.days} days. The worker does it "
        "each night.\n\n"
        "  manage.py sweep_form_files --dry-run   names them and deletes nothing\n"
        "  manage.py sweep_form_files\n"
        "  manage.py sweep_form_files --sure      also when most of the files are unknown to the database"
    )

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--sure", action="store_true", help="the database is the right one")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            found = leftovers()
            for name in found.names:
                self.stdout.write(name)
            self.stdout.write(f"{len(found.names)} of {found.there} files would be deleted.")
            return
        try:
            deleted = sweep(sure=options["sure"])
        except OtherDatabaseError as error:
            raise CommandError(f"{error} Nothing was deleted; --sure deletes them.") from None
        self.stdout.write(f"{len(deleted)} files deleted.")
