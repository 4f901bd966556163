"""Lists as files for a spreadsheet: UTF-8 that it recognises, and harmless when opened."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """What csv writes a row to: hands it back at once."""

    def write(self, text: str) -> str:
        return text


def csv_lines(titles: Iterable[object], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A header and a line per row. The first sign tells spreadsheets that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(title) for title in titles])
    for row in rows:
        yield writer.writerow(harmless(row))


def harmless(cells: Iterable[Any]) -> list[str]:
    """A cell that a spreadsheet would run as a formula becomes text."""
    texts = ["" if cell is None else str(cell) for cell in cells]
    return [f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text for text in texts]


def csv_file(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    """`name` gets the day: `requests` is `requests-2026-11-25.csv`. Nobody between keeps a copy."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
