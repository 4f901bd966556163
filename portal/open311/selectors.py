"""What everybody may read through this API."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import TimelineEntry
from portal.open311.problems import CallRefusedError
from portal.open311.reading import Sent
from portal.reports.models import PublicReport, PublicReportQuerySet, PublicService

MOST_DAYS = dt.timedelta(days=90)
MOST = 1000
_USUAL = 50
_CLOSED_STATES = [state for state in CaseState if state not in OPEN_STATES]


def open_services() -> QuerySet[PublicService]:
    return PublicService.objects.filter(service__live=True).select_related("service")


def open_service(code: str) -> PublicService | None:
    return open_services().filter(service__slug=code).first()


def told_reports() -> PublicReportQuerySet:
    return PublicReport.objects.told().prefetch_related("photos")


def find_reports(sent: Sent) -> list[PublicReport]:
    """`service_request_id` overrides every other filter."""
    size = sent.number("page_size", usual=_USUAL, most=MOST)
    page = sent.number("page", usual=1, most=100_000)
    references = [text.strip() for text in sent.one("service_request_id", longest=14 * MOST).split(",") if text.strip()]
    if references:
        if len(references) > MOST:
            raise CallRefusedError(f"service_request_id names at most {MOST} requests.")
        return list(told_reports().filter(case__reference__in=references)[:MOST])
    first, last = _span(sent)
    rows = told_reports().filter(received_at__gte=first, received_at__lte=last)
    if codes := [code.strip() for code in sent.one("service_code", longest=2000).split(",") if code.strip()]:
        rows = rows.filter(case__service__slug__in=codes)
    if wanted := {text.strip() for text in sent.one("status").split(",") if text.strip()}:
        if not wanted <= {"open", "closed"}:
            raise CallRefusedError("status is open or closed.")
        states = [*(OPEN_STATES if "open" in wanted else []), *(_CLOSED_STATES if "closed" in wanted else [])]
        rows = rows.filter(case__state__in=states)
    return list(rows[(page - 1) * size : page * size])


def find_updates(sent: Sent) -> list[TimelineEntry]:
    """Of the same requests, the oldest first, so that a reader can go on after the last that it has."""
    size, page = sent.number("page_size", usual=MOST, most=MOST), sent.number("page", usual=1, most=100_000)
    first, last = _span(sent)
    rows = TimelineEntry.objects.filter(
        case__in=PublicReport.objects.told().values("case"), at__gte=first, at__lte=last
    )
    return list(
        rows.exclude(public_text="").select_related("case").order_by("at", "pk")[(page - 1) * size : page * size]
    )


def _span(sent: Sent) -> tuple[dt.datetime, dt.datetime]:
    """The last 90 days, unless one end or both are said."""
    first, last = sent.moment("start_date"), sent.moment("end_date")
    try:
        if last is None:
            last = min(timezone.now(), first + MOST_DAYS) if first else timezone.now()
        first = first or last - MOST_DAYS
    except OverflowError:
        raise CallRefusedError("start_date and end_date are too far away.") from None
    if last - first > MOST_DAYS:
        raise CallRefusedError("start_date and end_date are at most 90 days apart.")
    return first, last
