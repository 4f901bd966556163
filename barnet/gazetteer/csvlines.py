"""CSV files from elsewhere, read line by line: what cannot be read is told with its line number, never guessed.

UTF-8, with or without a byte order mark. Nothing is kept in memory but the line at hand.
"""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.models import BNG

LONGEST_LINE = 16_384
GREAT_BRITAIN = (Decimal(0), Decimal(0), Decimal(700_000), Decimal(1_300_000))  # eastings, northings of the grid
Row = Mapping[str, str]


class BadLineError(ValueError):
    """Its text says what is wrong with the line."""


@dataclass(frozen=True)
class BadLine:
    line: int
    reason: str


def read_lines(path: Path) -> Iterator[tuple[int, list[str]] | BadLine]:
    """Every line with something in it, by its number, or what is wrong with it. Raises BadFileError."""
    with _opened(path) as file:
        for number, raw in enumerate(_lines(file), start=1):
            try:
                if values := _values(raw):
                    yield number, values
            except BadLineError as error:
                yield BadLine(number, str(error))


def first_values(path: Path) -> list[str]:
    """The values of the first line that can be read: what tells one format from another."""
    return next((line[1] for line in read_lines(path) if not isinstance(line, BadLine)), [])


def _opened(path: Path) -> BinaryIO:
    if path.is_dir():
        raise BadFileError(_("is a folder, not a file. Name the CSV files in it."))
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise BadFileError(_("does not exist. Check the name.")) from None
    except OSError as error:
        raise BadFileError(_("cannot be read: %(reason)s.") % {"reason": error.strerror}) from None
    start = file.read(8192)
    problem = _problem(start)
    if problem:
        file.close()
        raise BadFileError(problem)
    file.seek(3 if start.startswith(b"\xef\xbb\xbf") else 0)
    return file


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line, but never more of it than LONGEST_LINE."""
    while raw := file.readline(LONGEST_LINE):
        rest = raw
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield raw


def _problem(start: bytes) -> str:
    if not start.strip(b"\xef\xbb\xbf\r\n\t "):
        return _("is empty.")
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        return _("is a compressed file. Unpack it first.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("is in UTF-16. Save it as UTF-8.")
    if b"\0" in start:
        return _("is not a text file. Give the CSV file.")
    return ""


def _values(raw: bytes) -> list[str]:
    if len(raw) >= LONGEST_LINE:
        raise BadLineError(_("the line is longer than %(most)d bytes") % {"most": LONGEST_LINE})
    if b"\0" in raw:
        raise BadLineError(_("the line has a null byte"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadLineError(_("byte %(place)d is not UTF-8") % {"place": error.start + 1}) from None
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise BadLineError(_("the quotation marks do not match")) from None
    return [value.strip() for value in rows[0]] if rows and rows[0] else []


def read_uprn(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):
        raise BadLineError(_("the UPRN is “%(uprn)s”; it is a number of at most 12 digits") % {"uprn": text[:30]})
    return int(text)


def read_number(row: Row, column: str, *, digits: int = 12) -> int | None:
    text = row[column]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise BadLineError(_("%(column)s is “%(text)s”, not a number") % {"column": column, "text": text[:30]})
    return int(text)


def read_date(row: Row, column: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        values = {"column": column, "text": row[column][:30]}
        raise BadLineError(_("%(column)s is “%(text)s”, not a date such as 2026-11-23") % values) from None


def read_location(row: Row) -> Point:
    try:
        east, north = Decimal(row["X_COORDINATE"]), Decimal(row["Y_COORDINATE"])
    except InvalidOperation:
        raise BadLineError(_("the coordinates are not numbers")) from None
    west, south, far_east, far_north = GREAT_BRITAIN
    if not (east.is_finite() and north.is_finite() and west < east < far_east and south < north < far_north):
        raise BadLineError(_("%(east)s, %(north)s is outside Great Britain") % {"east": east, "north": north})
    return Point(float(east), float(north), srid=BNG)
