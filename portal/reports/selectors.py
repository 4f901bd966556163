"""What everybody may read."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import User
from barnet.gazetteer.models import Area
from barnet.gazetteer.selectors import addresses_at_postcode
from barnet.kit.references import InvalidReferenceError, parse_reference
from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import Attachment, Case
from portal.cases.selectors import case_for_staff, cases_seen_by
from portal.reports.models import PublicReport, PublicReportQuerySet, PublicService

NEAR = 250  # metres within which it may be the same
AROUND = 1000  # metres around a postcode
FRESH = dt.timedelta(days=28)  # for so long what was dealt with stays in the list
MOST_NEAR = 10


def public_services() -> list[PublicService]:
    """Those that the council offers now."""
    return list(PublicService.objects.filter(service__live=True).select_related("service"))


def kinds() -> dict[str, list[PublicService]]:
    """What can be reported on the map, by group."""
    rows = PublicService.objects.filter(service__live=True, form__live_version__isnull=False)
    found: dict[str, list[PublicService]] = defaultdict(list)
    for row in rows.select_related("service", "form"):
        found[row.group].append(row)
    return dict(found)


def kind_named(slug: str) -> PublicService:
    rows = PublicService.objects.filter(service__live=True, form__live_version__isnull=False, service__slug=slug)
    row = rows.select_related("service", "form__service", "form__live_version").first()
    if row is None:
        raise Http404
    return row


def nearby(kind: PublicService, point: Point) -> list[PublicReport]:
    """Open reports of the same kind, the nearest first."""
    rows = PublicReport.objects.told().filter(
        case__service=kind.service, case__state__in=OPEN_STATES, point__dwithin=(point, D(m=NEAR))
    )
    return list(rows.annotate(away=Distance("point", point)).order_by("away", "pk")[:MOST_NEAR])


@dataclass(frozen=True)
class Looking:
    """What somebody looks for in the list."""

    service: str = ""
    ward: Area | None = None
    state: str = ""
    postcode: str = ""


def reports(looking: Looking) -> PublicReportQuerySet:
    """The newest first; around a postcode, the nearest. Without a state: open, and dealt with in the last weeks."""
    rows = PublicReport.objects.told().exclude(case__state=CaseState.WITHDRAWN)
    if looking.service:
        rows = rows.filter(case__service__slug=looking.service)
    if looking.ward:
        rows = rows.filter(case__ward=looking.ward)
    match looking.state:
        case "open":
            rows = rows.filter(case__state__in=OPEN_STATES)
        case "done":
            rows = rows.filter(case__state=CaseState.RESOLVED)
        case "":
            fresh = Q(case__resolved_at__gte=timezone.now() - FRESH)
            rows = rows.filter(Q(case__state__in=OPEN_STATES) | fresh)
    if looking.postcode:
        middle = middle_of(looking.postcode)
        if middle is None:
            return rows.none()
        rows = rows.filter(point__dwithin=(middle, D(m=AROUND)))
        return rows.annotate(away=Distance("point", middle)).order_by("away", "-pk")
    return rows


def middle_of(postcode: str) -> Point | None:
    address = addresses_at_postcode(postcode).first()
    return address.location if address else None


def report_named(reference: str) -> PublicReport:
    """The public door: 404 for what is not public."""
    try:
        canonical = parse_reference(reference)
    except InvalidReferenceError:
        raise Http404 from None
    rows = PublicReport.objects.told().exclude(case__state=CaseState.WITHDRAWN)
    report = rows.filter(case__reference=canonical).first()
    if report is None:
        raise Http404
    return report


def to_check(user: User) -> PublicReportQuerySet:
    """Reports of requests that they see, whose words and pictures nobody has read yet, the oldest first."""
    rows = PublicReport.objects.told().filter(checked_at=None).exclude(case__state=CaseState.WITHDRAWN)
    return rows.filter(case__in=cases_seen_by(user)).order_by("received_at", "pk")


def report_for_staff(user: User, reference: str) -> PublicReport:
    """The door for staff: through that of the case, which records the reading."""
    case = case_for_staff(user, reference, purpose=_("checking what everybody may read"))
    report = PublicReport.objects.told().filter(case=case).first()
    if report is None:
        raise Http404
    return report


def photo_address(report: PublicReport, photo: Attachment) -> str:
    return reverse("report_photo", args=[report.case.reference, photo.pk])


def public_pictures(case: Case) -> list[str]:
    """Whole addresses of what staff let everybody see of it: photos here, and those that another system sent."""
    report = PublicReport.objects.told().filter(case=case).first()
    if report is None:
        return []
    here = [f"{settings.BASE_URL}{photo_address(report, photo)}" for photo in report.photos.all()]
    return here + (report.media_urls if report.shows_media else [])


class Happened(NamedTuple):
    """A line of the public history; the shape that the kit's timeline draws."""

    title: str
    at: dt.datetime
    byline: str
    text: str


def history(case: Case) -> list[Happened]:
    """The states that it went through, in our fixed words: what people wrote is for the person who asked."""
    told: list[Happened] = []
    before = None
    for at, state in case.timeline.exclude(public_text="").values_list("at", "state"):
        if state != before:
            told.append(Happened(str(CaseState(state).label), at, "", public_sentence(CaseState(state))))
        before = state
    return told


def public_sentence(state: CaseState) -> str:
    """What the state means to everybody; `CaseState.sentence` speaks to the person who asked."""
    return {
        CaseState.RECEIVED: _("We have the report. Nobody is working on it yet."),
        CaseState.ASSIGNED: _("It is with the team that will deal with it."),
        CaseState.WAITING: _("We asked the person who reported it a question."),
        CaseState.HELD: _("We cannot go on at the moment."),
        CaseState.RESOLVED: _("We have dealt with it."),
        CaseState.WITHDRAWN: _("The person who reported it no longer needs this."),
    }[state]
