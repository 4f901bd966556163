"""The filtered list as a file for a spreadsheet: streamed, and harmless when opened."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.enums import Channel
from portal.cases.enums import CaseState
from portal.cases.models import Case, CaseQuerySet
from portal.cases.selectors import outcome_label

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """What csv writes a row to: hands it back at once."""

    def write(self, text: str) -> str:
        return text


def csv_lines(cases: CaseQuerySet) -> Iterator[str]:
    """A header and a line per case. The first sign tells spreadsheets that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(title) for title in _titles()])
    for case in cases.iterator(chunk_size=2000):
        yield writer.writerow(harmless(_cells(case)))


def harmless(cells: Iterable[Any]) -> list[str]:
    """A cell that a spreadsheet would run as a formula becomes text."""
    texts = ["" if cell is None else str(cell) for cell in cells]
    return [f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text for text in texts]


def _titles() -> list[str]:
    return [
        _("Reference"),
        _("Service"),
        _("Request"),
        _("State"),
        _("Channel"),
        _("Place"),
        _("Ward"),
        _("Opened"),
        _("Promise"),
        _("Team"),
        _("Person"),
        _("Resolved"),
        _("Outcome"),
        _("Times opened again"),
    ]


def _cells(case: Case) -> list[Any]:
    return [
        case.reference,
        case.service.name,
        case.title,
        CaseState(case.state).label,
        Channel(case.channel).label,
        case.place,
        case.ward.name if case.ward else "",
        _local(case.opened_at),
        case.promise_on.isoformat(),
        case.team.name if case.team else "",
        case.assignee or "",
        _local(case.resolved_at),
        outcome_label(case),
        case.reopened_count,
    ]


def _local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
