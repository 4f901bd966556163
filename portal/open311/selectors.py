"""What everybody may read through this API."""

import datetime as dt

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.gazetteer.degrees import latitude_of, longitude_of
from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import Attachment, TimelineEntry
from portal.open311.allowing import Reach
from portal.open311.problems import CallRefusedError
from portal.open311.reading import Sent
from portal.reports.models import About, PublicReport, PublicReportQuerySet, PublicService

MOST_DAYS = dt.timedelta(days=90)
MOST = 1000
_TOLD = "received_at place words media_urls shows_media".split()
_TOLD_OF_CASE = [f"case__{name}" for name in "reference state opened_at promise_on expected_on".split()]
_CLOSED_STATES = [state for state in CaseState if state not in OPEN_STATES]


def open_services(reach: Reach) -> list[PublicService]:
    """Those that everybody reaches, or those that the key names. One that is not public counts as about a home: little
    of it is told."""
    rows = PublicService.objects.filter(service__live=True).select_related("service")
    if not reach.is_limited:
        return list(rows)
    public = list(rows.filter(service__in=reach.named))
    others = Service.objects.filter(pk__in=reach.named - {row.service_id for row in public}, live=True)
    others = others.exclude(pk__in=PublicService.objects.values("service"))
    return public + [PublicService(service=service, about=About.HOME) for service in others.order_by("name")]


def open_service(code: str, reach: Reach) -> PublicService:
    """Raises CallRefusedError: 403 for what everybody else reaches, 404 for what is not there."""
    for row in open_services(reach):
        if row.service.slug == code:
            return row
    if PublicService.objects.filter(service__live=True, service__slug=code).exists():
        raise CallRefusedError("This api_key does not reach this service.", 403)
    raise CallRefusedError("service_code is no service that is open to this API.", 404)


def told_reports(reach: Reach) -> PublicReportQuerySet:
    if reach.readable is None:
        return PublicReport.objects.told()
    return PublicReport.objects.told(own_of=reach.key).filter(case__service__in=reach.readable)


def as_told(reports: QuerySet[PublicReport]) -> QuerySet[PublicReport]:
    """With what an answer says of each and no more: there are a thousand in one."""
    rows = reports.select_related(None).select_related("case").only(*_TOLD, *_TOLD_OF_CASE)
    rows = rows.annotate(service_name=F("case__service__name"), service_code=F("case__service__slug"))
    rows = rows.annotate(latitude=latitude_of("point"), longitude=longitude_of("point"))
    return rows.prefetch_related(Prefetch("photos", Attachment.objects.only("pk")))


def find_reports(sent: Sent, reach: Reach) -> list[PublicReport]:
    """`service_request_id` overrides every other filter."""
    told = as_told(told_reports(reach))
    size = sent.number("page_size", usual=MOST, most=MOST)
    page = sent.number("page", usual=1, most=100_000)
    if references := sent.listed("service_request_id", longest=14 * MOST):
        if len(references) > MOST:
            raise CallRefusedError(f"service_request_id names at most {MOST} requests.")
        return list(told.filter(case__reference__in=references)[:MOST])
    first, last = _span(sent)
    rows = told.filter(received_at__gte=first, received_at__lte=last)
    if codes := sent.listed("service_code", longest=2000):
        _refuse_unreadable(codes, reach)
        rows = rows.filter(case__service__slug__in=codes)
    if wanted := {text.lower() for text in sent.listed("status")}:
        if not wanted <= {"open", "closed"}:
            raise CallRefusedError("status is open or closed.")
        states = [*(OPEN_STATES if "open" in wanted else []), *(_CLOSED_STATES if "closed" in wanted else [])]
        rows = rows.filter(case__state__in=states)
    return list(rows[(page - 1) * size : page * size])


def _refuse_unreadable(codes: list[str], reach: Reach) -> None:
    """A key that asks for a service of which it may not read hears so, not that nothing happened."""
    if reach.readable is None:
        return
    for code in codes:
        if not reach.reads(open_service(code, reach).service_id):
            raise CallRefusedError("This api_key may not read this service.", 403)


def find_updates(sent: Sent, reach: Reach) -> list[TimelineEntry]:
    """Of the same requests, the oldest first, so that a reader can go on after the last that it has."""
    size, page = sent.number("page_size", usual=MOST, most=MOST), sent.number("page", usual=1, most=100_000)
    first, last = _span(sent)
    rows = TimelineEntry.objects.filter(case__in=told_reports(reach).values("case"), at__gte=first, at__lte=last)
    told = rows.exclude(public_text="").select_related("case").only("at", "state", "case__reference")
    return list(told.order_by("at", "pk")[(page - 1) * size : page * size])


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
