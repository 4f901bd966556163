"""Import of the postcodes of the country. Guarantees: a bad line changes nothing, unless it is to be skipped; the same
files again change nothing; a postcode that a file lacks stays, because a file may hold one postcode area only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from barnet.gazetteer.csvlines import BadLine
from barnet.gazetteer.errors import BadFileError, ImportRunningError
from barnet.gazetteer.models import BNG
from barnet.gazetteer.postcodefiles import ReadPostcode, read_postcodes
from barnet.gazetteer.services.addresses import GIVE_UP_AFTER, PROGRESS_EVERY, OnBad, OnProgress

logger = structlog.get_logger(__name__)

LOCK = 0x706F7374
COLUMNS = "key, postcode, quality, location, district_code, ward_code, ended_on"


@dataclass
class PostcodeImport:
    lines: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0  # of other postcode areas
    bad: int = 0
    is_kept: bool = False


def import_postcodes(
    paths: Iterable[Path],
    *,
    only: frozenset[str],
    skip_bad: bool,
    dry_run: bool,
    on_bad: OnBad,
    on_progress: OnProgress,
) -> PostcodeImport:
    """Raises BadFileError for a file that is none, ImportRunningError for a second import at the same time."""
    done = PostcodeImport()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise ImportRunningError(_("Another import of postcodes is running. Wait for its end."))
            for path in paths:
                _import_file(cursor, path, only, done, on_bad, on_progress)
        done.is_kept = not dry_run and (skip_bad or not done.bad)
        transaction.set_rollback(not done.is_kept)
    if done.is_kept:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE gazetteer_postcode")
        logger.info("postcodes_imported", **vars(done))
    return done


def _import_file(
    cursor: CursorWrapper,
    path: Path,
    only: frozenset[str],
    done: PostcodeImport,
    on_bad: OnBad,
    on_progress: OnProgress,
) -> None:
    cursor.execute("DROP TABLE IF EXISTS postcode_change")
    cursor.execute("CREATE TEMPORARY TABLE postcode_change ON COMMIT DROP AS TABLE gazetteer_postcode WITH NO DATA")
    cursor.execute("ALTER TABLE postcode_change ADD line integer")
    with cursor.copy(f"COPY postcode_change (line, {COLUMNS}) FROM STDIN") as copy:
        for read in _good(path, only, done, on_bad, on_progress):
            copy.write_row(_row(read))
    cursor.execute("CREATE INDEX ON postcode_change (key, line)")
    cursor.execute("ANALYZE postcode_change")
    _refuse_duplicates(cursor, path, done, on_bad)
    _merge(cursor, done)


def _good(
    path: Path, only: frozenset[str], done: PostcodeImport, on_bad: OnBad, on_progress: OnProgress
) -> Iterator[ReadPostcode]:
    good = 0
    for number, line in enumerate(read_postcodes(path, only), start=1):
        done.lines += 1
        if isinstance(line, BadLine):
            done.bad += 1
            on_bad(path, line.line, line.reason)
            if number == GIVE_UP_AFTER and not good:
                raise BadFileError(_("holds no postcodes: every one of its first lines is wrong."))
        else:
            good += 1
            if line is None:
                done.left_out += 1
            else:
                yield line
        if number % PROGRESS_EVERY == 0:
            on_progress(path, number)


def _row(read: ReadPostcode) -> list[object]:
    location = f"SRID={BNG};POINT({read.location[0]} {read.location[1]})" if read.location else None
    codes = [read.district_code, read.ward_code, read.ended_on]
    return [read.line, read.key, read.postcode, read.quality, location, *codes]


def _refuse_duplicates(cursor: CursorWrapper, path: Path, done: PostcodeImport, on_bad: OnBad) -> None:
    cursor.execute(
        """
        DELETE FROM postcode_change later USING postcode_change first
        WHERE later.key = first.key AND later.line > first.line
          AND first.line = (SELECT min(line) FROM postcode_change any_line WHERE any_line.key = later.key)
        RETURNING later.line, later.postcode, first.line
        """
    )
    for line, postcode, first in sorted(cursor.fetchall()):
        done.bad += 1
        on_bad(path, line, _("%(postcode)s is on line %(first)s already") % {"postcode": postcode, "first": first})


def _merge(cursor: CursorWrapper, done: PostcodeImport) -> None:
    cursor.execute("SELECT count(*) FROM postcode_change")
    read = cursor.fetchone()[0]
    theirs = ", ".join(f"c.{column}" for column in COLUMNS.split(", "))
    ours = ", ".join(f"p.{column}" for column in COLUMNS.split(", "))
    cursor.execute(
        f"""
        UPDATE gazetteer_postcode p SET ({COLUMNS}) = ROW({theirs}) FROM postcode_change c
        WHERE p.key = c.key AND ROW({ours}) IS DISTINCT FROM ROW({theirs})
        """  # noqa: S608
    )
    updated = cursor.rowcount
    cursor.execute(
        f"""
        INSERT INTO gazetteer_postcode ({COLUMNS}) SELECT {theirs} FROM postcode_change c
        WHERE NOT EXISTS (SELECT FROM gazetteer_postcode p WHERE p.key = c.key)
        """  # noqa: S608
    )
    done.inserted += cursor.rowcount
    done.updated += updated
    done.unchanged += read - cursor.rowcount - updated
