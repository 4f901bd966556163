from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.waste.importing import crew_log
from portal.waste.importing.command import ImportCommand
from portal.waste.importing.csv_file import Line, Tally


class Command(ImportCommand):
    help = "What crews logged, and when rounds were finished: docs/operators/rounds.md describes the file."
    required = crew_log.REQUIRED

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        crew_log.import_crew_log(lines, tally, now=timezone.now())
