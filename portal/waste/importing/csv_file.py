"""A CSV file line by line. A bad line is named by number and reason; the reading goes on.

UTF-8, with or without a byte order mark. Columns may stand in any order; their names are read without regard to case
and with spaces or underscores. A file that cannot be read as a whole (missing, empty, another encoding, columns
missing, quotation mark left open) raises FileError.
"""

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, TypeVar

T = TypeVar("T")

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UNREADABLE = re.compile("[\x00�]")
_BRITISH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class FileError(Exception):
    """The file as a whole cannot be read."""


class LineError(Exception):
    """A line cannot be used. The text is the reason, for the person who repairs the file."""


@dataclass
class Tally:
    """What an import did, and which lines it refused."""

    read: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: object) -> None:
        self.refused.append((line, str(reason)))


@dataclass(frozen=True)
class Line:
    """One line by the names of its columns. Each reader raises LineError with a reason."""

    number: int
    cells: dict[str, str]

    def text(self, column: str, *, longest: int, default: str | None = None) -> str:
        value = self.cells.get(column, "")
        if not value:
            if default is None:
                raise LineError(f"{column} is empty")
            return default
        if len(value) > longest:
            raise LineError(f"{column} is longer than {longest} characters")
        return value

    def uprn(self, column: str = "uprn") -> int:
        value = self.text(column, longest=40)
        if not re.fullmatch(r"[0-9]{1,12}", value) or not int(value):
            raise LineError(f"{column} {value!r} is not a UPRN: up to 12 digits")
        return int(value)

    def day(self, column: str) -> dt.date:
        value = self.text(column, longest=40)
        british = _BRITISH_DATE.fullmatch(value)
        try:
            if british:
                day, month, year = (int(part) for part in british.groups())
                found = dt.date(year, month, day)
            else:
                found = dt.date.fromisoformat(value)
        except ValueError:
            raise LineError(f"{column} {value!r} is not a date: write 2026-12-25 or 25/12/2026") from None
        if not 2000 <= found.year < 2100:
            raise LineError(f"{column} {value!r} is not between 2000 and 2099")
        return found

    def time(self, column: str, default: dt.time | None = None) -> dt.time:
        value = self.text(column, longest=40, default="" if default else None)
        if not value and default:
            return default
        if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", value):
            raise LineError(f"{column} {value!r} is not a time: write 14:35")
        try:
            return dt.time.fromisoformat(value.zfill(5) if value.count(":") == 1 else value.zfill(8))
        except ValueError:
            raise LineError(f"{column} {value!r} is not a time: write 14:35") from None

    def choice(self, column: str, words: dict[str, T], default: T | None = None) -> T:
        """One of the given words, in any case."""
        value = self.text(column, longest=40, default="" if default is not None else None)
        if not value and default is not None:
            return default
        if value.lower() not in words:
            raise LineError(f"{column} {value!r} is not one of: {', '.join(words)}")
        return words[value.lower()]


def read_lines(path: Path, tally: Tally, *, required: Iterable[str], optional: Iterable[str] = ()) -> Iterator[Line]:
    """The lines below the heading, one at a time. What cannot be read as a line goes to `tally.refused`."""
    with _open(path) as file:
        reader = csv.reader(file, strict=True)
        try:
            columns = _heading(next(reader, []), [*required], [*optional])
            yield from _lines(reader, columns, tally)
        except csv.Error as error:
            raise FileError(f"line {reader.line_num}: {error} (is a quotation mark left open?)") from error


def usable(lines: Iterable[Line], tally: Tally, parse: Callable[[Line], T]) -> Iterator[tuple[Line, T]]:
    """Each line with what `parse` makes of it; a LineError refuses the line."""
    for line in lines:
        try:
            yield line, parse(line)
        except LineError as reason:
            tally.refuse(line.number, reason)


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _open(path: Path) -> TextIO:
    try:
        with path.open("rb") as file:
            mark = file.read(2)
        if not mark:
            raise FileError("the file is empty")
        if mark in _UTF16_MARKS:
            raise FileError("the file is UTF-16; save it as CSV in UTF-8")
        return path.open(encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise FileError(error.strerror or str(error)) from error


def _heading(cells: list[str], required: list[str], optional: list[str]) -> list[str]:
    columns = [re.sub(r"[\s_]+", "_", cell.strip().lower()) for cell in cells]
    missing = [column for column in required if column not in columns]
    if missing:
        raise FileError(
            f"the first line must name the columns: {', '.join(missing)} missing; it reads {','.join(cells)[:200]!r}"
        )
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise FileError(f"the first line names a column twice: {', '.join(twice)}")
    unknown = [column for column in columns if column and column not in [*required, *optional]]
    if unknown:
        raise FileError(
            f"the first line names columns that this file cannot have: {', '.join(unknown)}; "
            f"known are {', '.join([*required, *optional])}"
        )
    return columns


def _lines(reader: Iterator[list[str]], columns: list[str], tally: Tally) -> Iterator[Line]:
    number = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            tally.read += 1
            if any(_UNREADABLE.search(cell) for cell in cells):
                tally.refuse(number, "holds characters that are not UTF-8; save the file as CSV in UTF-8")
            elif len(cells) != len(columns):
                tally.refuse(number, f"has {len(cells)} columns, not {len(columns)}")
            else:
                yield Line(number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)})
        number = reader.line_num + 1  # type: ignore[attr-defined]
