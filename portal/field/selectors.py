"""What a crew sees: its own jobs, and of a customer no more than the job needs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.models import User
from barnet.customers.services import record_access
from barnet.gazetteer.degrees import in_degrees
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from barnet.kit.maps import LocatorMap, Neighbour
from portal.cases.enums import OPEN_STATES, TeamKind
from portal.cases.models import Attachment, Case, CaseQuerySet, Team
from portal.cases.registry import Outcome, kind_for
from portal.cases.selectors import cases_seen_by
from portal.field.enums import JobState
from portal.field.models import CannotReason, FieldService, Job

_NARROWEST = 200  # metres
_WITH = ("case__service", "case__address", "case__customer", "crew")


def crews_of(user: User) -> list[Team]:
    return list(user.teams.filter(kind=TeamKind.CREW))


def jobs_of(crews: Iterable[Team], day: dt.date) -> list[Job]:
    """Planned for the day, and what was left of days before; the longest promised first."""
    rows = Job.objects.filter(crew__in=list(crews), state=JobState.PLANNED, planned_on__lte=day)
    rows = rows.filter(case__state__in=OPEN_STATES).select_related(*_WITH)
    return list(rows.order_by("case__promise_on", "pk"))


def ended_on(crews: Iterable[Team], day: dt.date) -> list[Job]:
    rows = Job.objects.filter(crew__in=list(crews), ended_at__date=day)
    return list(rows.select_related(*_WITH, "reason").order_by("-ended_at"))


def job_for(user: User, pk: int) -> Job:
    """The door: the people of the crew, on no record but its own."""
    rows = Job.objects.filter(crew__kind=TeamKind.CREW, crew__members=user)
    job = rows.select_related(*_WITH, "reason", "follow_on").filter(pk=pk).first()
    if job is None:
        raise Http404
    record_access(
        actor=user, customer=job.case.customer, what=f"job of {job.case.reference}", purpose="a job in the street"
    )
    return job


def photo_for(user: User, pk: int, photo_pk: int) -> Attachment:
    photo = Attachment.objects.filter(case=job_for(user, pk).case_id, pk=photo_pk).first()
    if photo is None:
        raise Http404
    return photo


def nearest_first(jobs: Iterable[Job], here: Point) -> list[tuple[Job, float | None]]:
    """With the metres to each; what has no point comes last."""
    far = [(job, job.case.location.distance(here) if job.case.location else None) for job in jobs]
    return sorted(far, key=lambda row: (row[1] is None, row[1] or 0))


def map_of(jobs: Iterable[Job], title: str) -> LocatorMap | None:
    return map_of_cases((job.case for job in jobs), title)


def map_of_cases(cases: Iterable[Case], title: str) -> LocatorMap | None:
    """The requests by their numbers in the list."""
    points = [(number, case.location) for number, case in enumerate(cases, 1) if case.location]
    if not points:
        return None
    easts, norths = [point.x for _number, point in points], [point.y for _number, point in points]
    width = max(max(easts) - min(easts), (max(norths) - min(norths)) * 1.5)
    return LocatorMap(
        centre=((max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2),
        title=title,
        metres=max(_NARROWEST, round(width * 1.3)),
        addresses=[Neighbour(point.x, point.y, str(number)) for number, point in points],
        has_pin=False,
    )


def degrees_of(case: Case) -> tuple[float, float] | None:
    """Latitude and longitude, as maps of telephones take them."""
    return in_degrees(case.location) if case.location else None


def field_service_of(case: Case) -> FieldService | None:
    return FieldService.objects.filter(service=case.service_id).prefetch_related("reasons").first()


def done_outcomes(case: Case) -> list[Outcome]:
    """Those with which a crew ends a job that it did."""
    return [outcome for outcome in kind_for(case.service.slug).outcomes_of(case) if outcome.is_done]


def reasons_of(case: Case) -> list[CannotReason]:
    found = field_service_of(case)
    return list(found.reasons.all()) if found else []


def contact_rows(case: Case, found: FieldService | None) -> list[tuple[Any, str]]:
    if found is None or not found.shows_contact:
        return []
    name = case.contact_name or (case.customer.name if case.customer else "")
    phone = case.contact_phone or (case.customer.phone if case.customer else "")
    return [(label, text) for label, text in ((_("Name"), name), (_("Telephone"), phone)) if text]


def endings_of(case: Case, reasons: Iterable[CannotReason]) -> list[tuple[str, str]]:
    """What a crew may choose: values and labels."""
    done = [(f"done-{outcome.code}", str(outcome.label)) for outcome in done_outcomes(case)]
    could_not = [(f"cannot-{reason.pk}", str(_("Could not: %s")) % reason.label) for reason in reasons]
    return [*done, *could_not]


def follow_ons() -> list[tuple[str, str]]:
    """Services of which a crew may ask for a further job: not those whose room keeps records of its own."""
    rows = FieldService.objects.filter(service__live=True).select_related("service")
    return [(row.service.slug, str(row.service)) for row in rows if not kind_for(row.service.slug).is_bound]


def day_for_telephone(user: User, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """What the telephone keeps of the jobs, in as many queries for one as for many."""
    jobs = list(jobs)
    services = {
        row.service_id: row
        for row in FieldService.objects.filter(service__in={job.case.service_id for job in jobs}).prefetch_related(
            "reasons"
        )
    }
    return [_for_telephone(job, services.get(job.case.service_id)) for job in jobs]


def _for_telephone(job: Job, found: FieldService | None) -> dict[str, Any]:
    case = job.case
    facts = [*case.details, *contact_rows(case, found)]
    return {
        "id": job.pk,
        "reference": case.reference,
        "title": case.title,
        "place": case.place,
        "at": degrees_of(case),
        "facts": [[str(label), str(value)] for label, value in facts],
        "endings": endings_of(case, found.reasons.all() if found else []),
        "url": reverse("field_job", args=[job.pk]),
    }


def to_plan(user: User) -> CaseQuerySet:
    """Open requests that they see, of services that crews do, which are in no plan; the most pressing first."""
    planned = Job.objects.filter(state=JobState.PLANNED).values("case")
    rows = cases_seen_by(user).open().filter(service__in=FieldService.objects.values("service")).exclude(pk__in=planned)
    return rows.select_related("service", "address", "team", "customer").order_by("promise_on", "pk")


def to_plan_in(ward: Area, service: Service, user: User) -> CaseQuerySet:
    """Of `to_plan`, what lies in the ward and is of the service."""
    return to_plan(user).filter(ward=ward, service=service)


def planned_in(ward: Area, service: Service) -> QuerySet[Job]:
    """What lies there and is in a plan already, whoever's: it is not planned again."""
    return planned_from(timezone.localdate()).filter(case__ward=ward, case__service=service)


def wards_now() -> list[Area]:
    wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD)
    return list(wards.defer("geometry").order_by("name"))


def waiting_by_ward(user: User) -> dict[int, int]:
    """How many requests are in no plan, by the key of the ward."""
    counts = to_plan(user).exclude(ward=None).order_by().values("ward").annotate(count=Count("pk"))
    return {row["ward"]: row["count"] for row in counts}


def planned_from(day: dt.date) -> QuerySet[Job]:
    """Everything that is not done, also of days before, by day and crew."""
    rows = Job.objects.filter(state=JobState.PLANNED, case__state__in=OPEN_STATES)
    return rows.select_related(*_WITH).order_by("planned_on", "crew__name", "pk")
