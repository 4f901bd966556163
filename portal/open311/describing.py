"""What we tell: services, what they ask, requests, and what happened to them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import TimelineEntry
from portal.open311.asking import Asked
from portal.reports.models import PublicReport, PublicService

_STATUS = {
    CaseState.RECEIVED: "open",
    CaseState.ASSIGNED: "in_progress",
    CaseState.WAITING: "in_progress",
    CaseState.HELD: "action_scheduled",
    CaseState.RESOLVED: "closed",
    CaseState.WITHDRAWN: "cancelled",
}


def moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def service_row(row: PublicService, *, has_questions: bool) -> dict[str, Any]:
    return {
        "service_code": row.service.slug,
        "service_name": row.service.name,
        "description": row.service.summary,
        "metadata": has_questions,
        "type": "realtime",
        "keywords": ",".join(row.keywords),
        "group": row.group,
    }


def definition(row: PublicService, asked: list[Asked]) -> dict[str, Any]:
    return {
        "service_code": row.service.slug,
        "attributes": [
            {
                "variable": True,
                "code": one.code,
                "datatype": one.datatype,
                "required": one.required,
                "datatype_description": one.hint,
                "order": order,
                "description": one.label,
                "values": [{"key": key, "name": name} for key, name in one.values.items()],
            }
            for order, one in enumerate(asked, 1)
        ],
    }


def request_row(report: PublicReport, media_url: str) -> dict[str, Any]:
    """Of a report as `selectors.as_told` reads it. Words and pictures only as staff released them; a home only by its
    street."""
    case = report.case
    return {
        "service_request_id": case.reference,
        "status": "open" if case.state in OPEN_STATES else "closed",
        "status_notes": CaseState(case.state).sentence,
        "service_name": report.service_name,  # type: ignore[attr-defined]  # annotated, as are four more
        "service_code": report.service_code,  # type: ignore[attr-defined]
        "description": report.words,
        "agency_responsible": settings.COUNCIL_NAME,
        "service_notice": "",
        "requested_datetime": moment(case.opened_at),
        "updated_datetime": moment(report.last_at),  # type: ignore[attr-defined]
        "expected_datetime": moment(_end_of(case.named_on)),
        "address": report.place,
        "address_id": "",
        "zipcode": "",
        "lat": report.latitude,  # type: ignore[attr-defined]
        "long": report.longitude,  # type: ignore[attr-defined]
        "media_url": media_url,
    }


def update_row(entry: TimelineEntry) -> dict[str, Any]:
    """The state in our fixed words: what staff wrote is for the person who asked."""
    state = CaseState(entry.state)
    return {
        "update_id": str(entry.pk),
        "service_request_id": entry.case.reference,
        "status": _STATUS[state],
        "updated_datetime": moment(entry.at),
        "description": state.sentence,
        "media_url": "",
    }


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))
