from collections.abc import Iterable
from typing import Any

from portal.waste.importing import rounds
from portal.waste.importing.command import ImportCommand
from portal.waste.importing.csv_file import Line, Tally


class Command(ImportCommand):
    help = "Rounds and their crews: docs/operators/rounds.md describes the file."
    required = rounds.REQUIRED
    optional = rounds.OPTIONAL

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        rounds.import_rounds(lines, tally)
