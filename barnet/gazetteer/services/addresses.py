"""Import of addresses: all files in one transaction, through temporary tables, in constant memory.

Guarantees: a bad line, unless it is to be skipped, changes nothing; the same files again change nothing; a deleted
property is retired and comes back with a later insert or update; what changes of an address is written down. What a
complete supply lacks is retired, unless that is suspiciously much.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from barnet.gazetteer.addressbase import PRODUCTS, read_changes
from barnet.gazetteer.csvlines import BadLine, first_values
from barnet.gazetteer.enums import AddressFormat
from barnet.gazetteer.errors import BadFileError, ImportRunningError
from barnet.gazetteer.records import LeftOut, Record, read_records, record_format
from barnet.gazetteer.services import complete_supply, source_records
from barnet.gazetteer.services.merging import copied_columns, copied_row, create_changes, merge_addresses, merge_names

logger = structlog.get_logger(__name__)

PROGRESS_EVERY = 10_000
GIVE_UP_AFTER = 100  # lines of a file, when every one of them is bad
RETIRE_AT_MOST = Decimal(5)  # per cent of the addresses, by a complete supply
LOCK = 0x61646472  # any number that nobody else uses for an advisory lock

Line = TypeVar("Line")
OnBad = Callable[[Path, int, str], None]
OnProgress = Callable[[Path, int], None]


def _nothing(*_said: object) -> None:
    pass


@dataclass
class AddressImport:
    """What an import did, or would do. The counts of records are those of Premium and DTF 7.3."""

    lines: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    bad: int = 0
    records_added: int = 0
    records_changed: int = 0
    records_removed: int = 0
    left_out: int = 0  # records of kinds that are not kept
    incomplete: int = 0  # properties without a name, names without a property
    formats: list[str] = field(default_factory=list)
    is_kept: bool = False

    @property
    def has_records(self) -> bool:
        return any(name not in PRODUCTS for name in self.formats)


@dataclass
class _Run:
    cursor: CursorWrapper
    done: AddressImport
    on_bad: OnBad
    on_progress: OnProgress
    on_incomplete: source_records.OnIncomplete
    on_composed: Callable[[int], None]
    is_complete: bool
    waiting: list[Path] = field(default_factory=list)  # files of records whose addresses are not composed yet


def import_addresses(
    paths: Iterable[Path],
    *,
    skip_bad: bool,
    dry_run: bool,
    on_bad: OnBad,
    on_progress: OnProgress,
    product: str = "",
    on_incomplete: source_records.OnIncomplete = _nothing,
    on_composed: Callable[[int], None] = _nothing,
    complete: bool = False,
    retire_at_most: Decimal = RETIRE_AT_MOST,
) -> AddressImport:
    """Import the files in that order, each in its own format or all in `product`. When they are `complete`, what they
    lack is retired, at most so many per cent. Raises BadFileError for a file that is none, ImportRunningError for a
    second import at the same time, IncompleteSupplyError."""
    if complete and skip_bad:
        raise ValueError("A supply without its bad lines is not complete.")
    done = AddressImport()
    with transaction.atomic():
        with connection.cursor() as cursor:
            _take_turn(cursor)
            source_records.begin(cursor)
            complete_supply.begin(cursor)
            run = _Run(cursor, done, on_bad, on_progress, on_incomplete, on_composed, complete)
            for path in paths:
                _import_file(run, path, product)
            _end(run, retire_at_most)
        done.is_kept = not dry_run and (skip_bad or not done.bad)
        transaction.set_rollback(not done.is_kept)
    if done.is_kept:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE gazetteer_address, gazetteer_addressname, gazetteer_placename")
        logger.info("addresses_imported", **vars(done))
    return done


def _end(run: _Run, retire_at_most: Decimal) -> None:
    retires = run.is_complete and not run.done.bad  # of a bad line nobody knows which address it is
    if retires and run.waiting:
        run.done.records_removed += complete_supply.remove_missing_records(run.cursor)
    _compose(run)
    if retires:
        missing = complete_supply.find_missing(run.cursor, retire_at_most)
        _merge(run, missing, _("missing in a complete supply"))


def _take_turn(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise ImportRunningError(_("Another import of addresses is running. Wait for its end."))


def _import_file(run: _Run, path: Path, product: str) -> None:
    product = product or address_format(path)
    if product not in run.done.formats:
        if run.is_complete and run.done.formats:
            raise BadFileError(_("is in another format than the files before it: a complete supply is in one."))
        run.done.formats.append(product)
    if product in PRODUCTS:
        _compose(run)
        _import_addresses(run, path, product)
    else:
        _import_records(run, path, product)


def address_format(path: Path) -> str:
    """The format of a file by its first line. One that looks like none of them is read as AddressBase Plus."""
    values = first_values(path)
    if found := record_format(values):
        return found
    names = {value.upper().replace(" ", "_") for value in values}
    if len(values) != len(PRODUCTS[AddressFormat.ADDRESSBASE]):
        return AddressFormat.PLUS
    is_core = "SINGLE_LINE_ADDRESS" in names or values[26].upper() in {"I", "U", "D"}
    return AddressFormat.CORE if is_core else AddressFormat.ADDRESSBASE


# --- A property a line ------------------------------------------------------------------------------------------------


def _import_addresses(run: _Run, path: Path, product: str) -> None:
    cursor, done = run.cursor, run.done
    create_changes(cursor)
    bad_before, lines_before = done.bad, done.lines
    with cursor.copy(f"COPY address_change ({copied_columns()}) FROM STDIN") as copy:
        for change in _good(run, path, product, read_changes(path, product)):
            copy.write_row(copied_row(change.line, change.change_type, change.uprn, change.address))
    _refuse_duplicates(run, path)
    if run.is_complete:
        complete_supply.note_addresses(cursor)
    good = done.lines - lines_before - (done.bad - bad_before)
    _merge(run, good, path.name)


def _good(run: _Run, path: Path, product: str, lines: Iterable[Line | BadLine]) -> Iterator[Line]:
    good = 0
    for number, line in enumerate(lines, start=1):
        run.done.lines += 1
        if isinstance(line, BadLine):
            run.done.bad += 1
            run.on_bad(path, line.line, line.reason)
            if number == GIVE_UP_AFTER and not good:
                name = AddressFormat(product).label
                raise BadFileError(_("is not %(format)s: every one of its first lines is wrong.") % {"format": name})
        else:
            good += 1
            yield line
        if number % PROGRESS_EVERY == 0:
            run.on_progress(path, number)


def _refuse_duplicates(run: _Run, path: Path) -> None:
    """The first line with a UPRN counts."""
    run.cursor.execute("CREATE INDEX ON address_change (uprn, line)")
    run.cursor.execute("ANALYZE address_change")
    run.cursor.execute(
        """
        DELETE FROM address_change later USING address_change first
        WHERE later.uprn = first.uprn AND later.line > first.line
          AND first.line = (SELECT min(line) FROM address_change any_line WHERE any_line.uprn = later.uprn)
        RETURNING later.line, later.uprn, first.line
        """
    )
    for line, uprn, first in sorted(run.cursor.fetchall()):
        run.done.bad += 1
        run.on_bad(path, line, _("UPRN %(uprn)s is on line %(first)s already") % {"uprn": uprn, "first": first})


# --- A record a line --------------------------------------------------------------------------------------------------


def _import_records(run: _Run, path: Path, product: str) -> None:
    source_records.copy_records(run.cursor, _kept(run, path, product))
    for line, reason in source_records.refuse_duplicates(run.cursor):
        run.done.bad += 1
        run.on_bad(path, line, reason)
    if run.is_complete:
        complete_supply.note_records(run.cursor)
    counts = source_records.merge_records(run.cursor)
    run.done.records_added += counts.added
    run.done.records_changed += counts.changed
    run.done.records_removed += counts.removed
    run.waiting.append(path)


def _kept(run: _Run, path: Path, product: str) -> Iterator[Record]:
    records: Iterator[Record | LeftOut] = _good(run, path, product, read_records(path, product))
    for record in records:
        if isinstance(record, LeftOut):
            run.done.left_out += 1
        else:
            yield record


def _compose(run: _Run) -> None:
    if not run.waiting:
        return

    def count_incomplete(uprn: int, reason: str) -> None:
        run.done.incomplete += 1
        run.on_incomplete(uprn, reason)

    composed = source_records.compose_touched(run.cursor, count_incomplete, run.on_composed)
    run.cursor.execute("CREATE INDEX ON address_change (uprn)")
    run.cursor.execute("ANALYZE address_change")
    _merge(run, composed, source_records.source_name(run.waiting))
    merge_names(run.cursor)
    run.cursor.execute("TRUNCATE touched_uprn, deleted_uprn")
    run.waiting.clear()


def _merge(run: _Run, how_many: int, source: str) -> None:
    inserted, updated, retired = merge_addresses(run.cursor, source)
    run.done.inserted += inserted
    run.done.updated += updated
    run.done.retired += retired
    run.done.unchanged += how_many - inserted - updated - retired
