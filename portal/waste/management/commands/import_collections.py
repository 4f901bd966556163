from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from portal.waste.importing import collections
from portal.waste.importing.command import ImportCommand
from portal.waste.importing.csv_file import Line, Tally


class Command(ImportCommand):
    help = "Bins and rounds of properties by UPRN: docs/operators/rounds.md describes the file."
    required = collections.REQUIRED
    optional = collections.OPTIONAL

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--complete", action="store_true", help="the file is the whole borough: what it does not name ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["complete"] and options["skip_bad"]:
            raise CommandError("--complete needs a file without bad lines: it cannot go with --skip-bad.")
        super().handle(*args, **options)

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        collections.import_collections(lines, tally, is_complete=options["complete"], today=timezone.localdate())
