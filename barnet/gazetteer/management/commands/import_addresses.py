from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from barnet.gazetteer.enums import AddressFormat
from barnet.gazetteer.errors import BadFileError, ImportRunningError, IncompleteSupplyError
from barnet.gazetteer.services import AddressImport, import_addresses
from barnet.gazetteer.services.addresses import RETIRE_AT_MOST

EXAMPLES = """
examples:
  manage.py import_addresses AddressBasePlus_FULL_*.csv --dry-run    what would change
  manage.py import_addresses AddressBasePlus_COU_2026-11-02_001.csv  a change-only update
  manage.py import_addresses 5090_llpg_full.csv 5090_changes_*.csv   LLPG DTF 7.3, then its change files
  manage.py import_addresses AddressBasePremium_*.csv --format premium
  manage.py import_addresses 5090_llpg_full.csv --complete           and retire what the full supply lacks

The format of each file is found by its first line. Files are imported in the order given, all in one transaction. A
deleted address is retired, not removed, because requests and collections still name it. docs/operators/imports.md
explains columns and messages.
"""
MOST_INCOMPLETE = 100  # told one by one


def _percent(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number <= 100:
        raise ArgumentTypeError(f"“{text}” is no percentage from 0 to 100")
    return number


class Command(BaseCommand):
    help = (
        "Import addresses from Ordnance Survey AddressBase Plus, AddressBase, AddressBase Core or AddressBase Premium, "
        "or from a local gazetteer in LLPG DTF 7.3: full supplies and change files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=AddressFormat.values, default="", help="else found by the first line")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="import the good lines and report the bad ones")

        parser.add_argument(
            "--complete", action="store_true", help="these files are all addresses there are: retire what they lack"
        )
        parser.add_argument(
            "--retire-at-most",
            type=_percent,
            default=RETIRE_AT_MOST,
            metavar="PERCENT",
            help=f"with --complete: refuse files that lack more than this of our addresses ({RETIRE_AT_MOST})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.current: Path | None = None
        self.told_incomplete = 0
        if options["complete"] and options["skip_bad"]:
            raise CommandError(
                "--complete and --skip-bad exclude each other: without its bad lines a supply is not whole."
            )
        try:
            done = import_addresses(
                self._each(options["files"]),
                skip_bad=options["skip_bad"],
                dry_run=options["dry_run"],
                on_bad=self._tell_bad,
                on_progress=self._tell_progress,
                product=options["format"],
                on_incomplete=self._tell_incomplete,
                on_composed=self._tell_composed,
                complete=options["complete"],
                retire_at_most=options["retire_at_most"],
            )
        except BadFileError as error:
            raise CommandError(f"{self.current} {error} Nothing was changed.") from None
        except ImportRunningError as error:
            raise CommandError(str(error)) from None
        except IncompleteSupplyError as error:
            raise CommandError(
                f"{error} Nothing was changed. If they are the whole list, allow it with --retire-at-most."
            ) from None
        self._tell_end(done, dry_run=options["dry_run"], skip_bad=options["skip_bad"])

    def _each(self, paths: list[Path]) -> Any:
        for self.current in paths:
            yield self.current

    def _tell_bad(self, path: Path, line: int, reason: str) -> None:
        self.stderr.write(f"{path}, line {line}: {reason}.")

    def _tell_progress(self, path: Path, lines: int) -> None:
        self.stderr.write(f"{path}: {lines:,} lines read", self.style.SUCCESS)

    def _tell_incomplete(self, uprn: int, reason: str) -> None:
        self.told_incomplete += 1
        if self.told_incomplete <= MOST_INCOMPLETE:
            self.stderr.write(f"UPRN {uprn}: no address: {reason}.")

    def _tell_composed(self, addresses: int) -> None:
        self.stderr.write(f"{addresses:,} addresses put together", self.style.SUCCESS)

    def _tell_end(self, done: AddressImport, *, dry_run: bool, skip_bad: bool) -> None:
        would = "" if done.is_kept else "would be "
        self.stdout.write(
            f"{done.lines:,} lines: {done.inserted:,} {would}inserted, {done.updated:,} {would}updated, "
            f"{done.unchanged:,} unchanged, {done.retired:,} {would}retired, {done.bad:,} bad."
        )
        if done.has_records:
            self.stdout.write(
                f"{done.records_added:,} records {would}added, {done.records_changed:,} {would}changed, "
                f"{done.records_removed:,} {would}removed, {done.left_out:,} of other kinds left out; "
                f"{done.incomplete:,} properties without an address."
            )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
        if done.bad and not skip_bad:
            raise CommandError(
                "Because of the bad lines nothing was changed. Correct them, or import the rest with --skip-bad."
            )
