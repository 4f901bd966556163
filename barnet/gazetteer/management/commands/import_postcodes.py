from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from barnet.gazetteer.errors import BadFileError, ImportRunningError
from barnet.gazetteer.postcodes import AREAS
from barnet.gazetteer.services import PostcodeImport, import_postcodes

EXAMPLES = """
examples:
  manage.py import_postcodes Data/CSV/en.csv Data/CSV/ha.csv Data/CSV/n.csv Data/CSV/nw.csv
  manage.py import_postcodes ONSPD_NOV_2025_UK.csv --only EN HA N NW WD AL --dry-run

They tell where a postcode without addresses is, and which council it belongs to. docs/operators/imports.md explains
columns and messages.
"""


class Command(BaseCommand):
    help = "Import the country's postcodes from Code-Point Open (no header) or ONSPD (with its header)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--only", nargs="+", default=[], type=str.upper, metavar="AREA", help="these postcode areas, such as EN N"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="import the good lines and report the bad ones")

    def handle(self, *args: Any, **options: Any) -> None:
        only = frozenset(options["only"])
        if unknown := only - AREAS:
            raise CommandError(f"There is no postcode area {', '.join(sorted(unknown))}.")
        self.current: Path | None = None
        try:
            done = import_postcodes(
                self._each(options["files"]),
                only=only,
                skip_bad=options["skip_bad"],
                dry_run=options["dry_run"],
                on_bad=lambda path, line, reason: self.stderr.write(f"{path}, line {line}: {reason}."),
                on_progress=lambda path, lines: self.stderr.write(f"{path}: {lines:,} lines read", self.style.SUCCESS),
            )
        except BadFileError as error:
            raise CommandError(f"{self.current} {error} Nothing was changed.") from None
        except ImportRunningError as error:
            raise CommandError(str(error)) from None
        self._tell_end(done, dry_run=options["dry_run"], skip_bad=options["skip_bad"])

    def _each(self, paths: list[Path]) -> Any:
        for self.current in paths:
            yield self.current

    def _tell_end(self, done: PostcodeImport, *, dry_run: bool, skip_bad: bool) -> None:
        would = "" if done.is_kept else "would be "
        self.stdout.write(
            f"{done.lines:,} lines: {done.inserted:,} {would}inserted, {done.updated:,} {would}updated, "
            f"{done.unchanged:,} unchanged, {done.left_out:,} of other areas left out, {done.bad:,} bad."
        )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
        if done.bad and not skip_bad:
            raise CommandError(
                "Because of the bad lines nothing was changed. Correct them, or import the rest with --skip-bad."
            )
