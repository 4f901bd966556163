"""Import of addresses: all files in one transaction, through a temporary table, in constant memory.

Guarantees: a bad line, unless it is to be skipped, changes nothing; the same files again change nothing; a deleted
property is retired and comes back with a later insert or update.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.gazetteer.addressbase import BadLine, Change, read_changes
from barnet.gazetteer.errors import BadFileError, ImportRunningError
from barnet.gazetteer.models import Address

logger = structlog.get_logger(__name__)

PROGRESS_EVERY = 10_000
GIVE_UP_AFTER = 100  # lines of a file, when every one of them is bad
LOCK = 0x61646472  # any number that nobody else uses for an advisory lock
COLUMNS = [str(field.column) for field in Address._meta.concrete_fields if field.name != "retired_on"]

OnBad = Callable[[Path, int, str], None]
OnProgress = Callable[[Path, int], None]


@dataclass
class AddressImport:
    """What an import did, or would do."""

    lines: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    bad: int = 0
    is_kept: bool = False


def import_addresses(
    paths: Iterable[Path], *, skip_bad: bool, dry_run: bool, on_bad: OnBad, on_progress: OnProgress
) -> AddressImport:
    """Import the files in that order. Raises BadFileError for a file that is none, ImportRunningError for a second
    import at the same time."""
    done = AddressImport()
    with transaction.atomic():
        with connection.cursor() as cursor:
            _take_turn(cursor)
            for path in paths:
                _import_file(cursor, path, done, on_bad, on_progress)
        done.is_kept = not dry_run and (skip_bad or not done.bad)
        transaction.set_rollback(not done.is_kept)
    if done.is_kept:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE gazetteer_address, gazetteer_placename")
        logger.info("addresses_imported", **vars(done))
    return done


def _take_turn(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise ImportRunningError(_("Another import of addresses is running. Wait for its end."))


def _import_file(
    cursor: CursorWrapper, path: Path, done: AddressImport, on_bad: OnBad, on_progress: OnProgress
) -> None:
    cursor.execute("DROP TABLE IF EXISTS address_change")
    cursor.execute("CREATE TEMPORARY TABLE address_change ON COMMIT DROP AS TABLE gazetteer_address WITH NO DATA")
    cursor.execute("ALTER TABLE address_change ADD line integer, ADD change_type text")
    bad_before, lines_before = done.bad, done.lines
    names = ", ".join(["line", "change_type", *COLUMNS])
    with cursor.copy(f"COPY address_change ({names}) FROM STDIN") as copy:
        for line in _good_lines(path, done, on_bad, on_progress):
            copy.write_row(_row(line))
    _refuse_duplicates(cursor, path, done, on_bad)
    good = done.lines - lines_before - (done.bad - bad_before)
    _merge(cursor, good, done)


def _good_lines(path: Path, done: AddressImport, on_bad: OnBad, on_progress: OnProgress) -> Iterator[Change]:
    good = 0
    for lines, line in enumerate(read_changes(path), start=1):
        done.lines += 1
        if isinstance(line, BadLine):
            done.bad += 1
            on_bad(path, line.line, line.reason)
            if lines == GIVE_UP_AFTER and not good:
                raise BadFileError(_("is not AddressBase Plus: every one of its first lines is wrong."))
        else:
            good += 1
            yield line
        if lines % PROGRESS_EVERY == 0:
            on_progress(path, lines)


def _row(change: Change) -> list[object]:
    if change.address is None:
        return [change.line, change.change_type, *(change.uprn if column == "uprn" else None for column in COLUMNS)]
    address = change.address
    values = [address.location.hexewkb.decode() if c == "location" else getattr(address, c) for c in COLUMNS]
    return [change.line, change.change_type, *values]


def _refuse_duplicates(cursor: CursorWrapper, path: Path, done: AddressImport, on_bad: OnBad) -> None:
    """The first line with a UPRN counts."""
    cursor.execute("CREATE INDEX ON address_change (uprn, line)")
    cursor.execute("ANALYZE address_change")
    cursor.execute(
        """
        DELETE FROM address_change later USING address_change first
        WHERE later.uprn = first.uprn AND later.line > first.line
          AND first.line = (SELECT min(line) FROM address_change any_line WHERE any_line.uprn = later.uprn)
        RETURNING later.line, later.uprn, first.line
        """
    )
    for line, uprn, first in sorted(cursor.fetchall()):
        done.bad += 1
        on_bad(path, line, _("UPRN %(uprn)s is on line %(first)s already") % {"uprn": uprn, "first": first})


def _merge(cursor: CursorWrapper, good: int, done: AddressImport) -> None:
    names = ", ".join(COLUMNS)
    theirs = ", ".join(f"c.{column}" for column in COLUMNS)
    ours = ", ".join(f"a.{column}" for column in COLUMNS)
    cursor.execute(
        f"""
        UPDATE gazetteer_address a SET ({names}, retired_on) = ROW({theirs}, NULL)
        FROM address_change c
        WHERE a.uprn = c.uprn AND c.change_type <> 'D'
          AND (a.retired_on IS NOT NULL OR ROW({ours}) IS DISTINCT FROM ROW({theirs}))
        """  # noqa: S608
    )
    updated = cursor.rowcount
    cursor.execute(
        """
        UPDATE gazetteer_address a SET retired_on = %s FROM address_change c
        WHERE a.uprn = c.uprn AND c.change_type = 'D' AND a.retired_on IS NULL
        """,
        [timezone.localdate()],
    )
    retired = cursor.rowcount
    cursor.execute(
        f"""
        INSERT INTO gazetteer_address ({names}) SELECT {theirs} FROM address_change c
        WHERE c.change_type <> 'D' AND NOT EXISTS (SELECT FROM gazetteer_address a WHERE a.uprn = c.uprn)
        """  # noqa: S608
    )
    inserted = cursor.rowcount
    done.updated += updated
    done.retired += retired
    done.inserted += inserted
    done.unchanged += good - updated - retired - inserted
