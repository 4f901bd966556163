"""What the four import commands share: one transaction, a dry run, bad lines by number and reason, progress."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from barnet.kit.bulk import bulk_transaction
from portal.waste.importing.csv_file import FileError, Line, Tally, read_lines

_REPORT_EVERY = 20_000  # lines
_NAMED = 200  # bad lines that are named; the rest is counted


class ImportCommand(BaseCommand):
    """A broken file changes nothing, unless --skip-bad takes its good lines. Running a file twice is harmless."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check the file and say what would change")
        parser.add_argument("--skip-bad", action="store_true", help="take the good lines of a file with bad ones")

    def take(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally()
        try:
            is_kept = self._run(tally, options)
        except FileError as error:
            raise CommandError(f"{options['file']}: {error}. Nothing was changed.") from error
        self._report(tally, is_kept, options)

    def _run(self, tally: Tally, options: dict[str, Any]) -> bool:
        lines = read_lines(options["file"], tally, required=self.required, optional=self.optional)
        with bulk_transaction():
            self.take(self._with_progress(lines, tally, options), tally, options)
            is_kept = not options["dry_run"] and (not tally.refused or options["skip_bad"])
            if not is_kept:
                transaction.set_rollback(True)
        if not tally.read:
            raise FileError("the file has no lines below its heading")
        return is_kept

    def _with_progress(self, lines: Iterable[Line], tally: Tally, options: dict[str, Any]) -> Iterator[Line]:
        started_at = time.monotonic()
        for line in lines:
            yield line
            if tally.read % _REPORT_EVERY == 0 and options["verbosity"]:
                speed = tally.read / (time.monotonic() - started_at)
                self.stdout.write(f"{tally.read:,} lines read, {speed:,.0f} a second")

    def _report(self, tally: Tally, is_kept: bool, options: dict[str, Any]) -> None:
        for number, reason in sorted(tally.refused)[:_NAMED]:
            self.stderr.write(f"line {number}: {reason}")
        if len(tally.refused) > _NAMED:
            self.stderr.write(f"and {len(tally.refused) - _NAMED:,} more bad lines")
        if options["verbosity"] or options["dry_run"]:
            self.stdout.write(f"{tally.read:,} lines read, {len(tally.refused):,} bad")
            for what, count in tally.done.items():
                self.stdout.write(f"{what}: {count:,}")
        if tally.refused and not options["skip_bad"]:
            raise CommandError(
                f"{len(tally.refused):,} bad lines: nothing was changed. "
                "Repair them, or take the others with --skip-bad."
            )
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
