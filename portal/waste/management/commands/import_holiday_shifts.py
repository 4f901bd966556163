from collections.abc import Iterable
from typing import Any

from portal.waste.importing import holiday_shifts
from portal.waste.importing.command import ImportCommand
from portal.waste.importing.csv_file import Line, Tally


class Command(ImportCommand):
    help = "Collections that take place on another day: docs/operators/rounds.md describes the file."
    required = holiday_shifts.REQUIRED
    optional = holiday_shifts.OPTIONAL

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        holiday_shifts.import_holiday_shifts(lines, tally)
