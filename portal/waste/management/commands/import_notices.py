from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.waste.importing import notices
from portal.waste.importing.command import ImportCommand
from portal.waste.importing.csv_file import Line, Tally


class Command(ImportCommand):
    help = "Suspended, late and moved rounds: docs/operators/rounds.md describes the file."
    required = notices.REQUIRED
    optional = notices.OPTIONAL

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        notices.import_notices(lines, tally, today=timezone.localdate())
