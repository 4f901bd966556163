"""The filtered list as a file for a spreadsheet, streamed."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.enums import Channel
from barnet.kit import spreadsheets
from portal.cases.enums import CaseState, CaseUrgency
from portal.cases.models import Case, CaseQuerySet
from portal.cases.selectors import outcome_label


def csv_lines(cases: CaseQuerySet) -> Iterator[str]:
    return spreadsheets.csv_lines(_titles(), (_cells(case) for case in cases.iterator(chunk_size=2000)))


def _titles() -> list[str]:
    return [
        _("Reference"),
        _("Service"),
        _("Request"),
        _("State"),
        _("Channel"),
        _("Urgency"),
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
        CaseUrgency(case.urgency).label,
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
