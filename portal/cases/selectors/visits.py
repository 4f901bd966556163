"""Visits at the desks of libraries, for staff: who was helped when, by whom, how it ended, and what was begun.

Whoever leads sees every visit; whoever helps sees their own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Case, Count, DurationField, Exists, F, FloatField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast, Extract

from barnet.customers.enums import VisitEventKind
from barnet.customers.models import AssistedVisit, User
from barnet.customers.services import record_readings
from portal.cases.models import VisitRequest

VIEW_VISITS = "customers.view_assistedvisit"


@dataclass(frozen=True)
class VisitFilters:
    """Empty means: does not matter. `how`: an end, or "open" for a visit that goes on."""

    first: dt.datetime | None = None
    end: dt.datetime | None = None
    place: str = ""
    how: str = ""
    has_account: bool | None = None
    helper: User | None = None


OPEN = "open"


def visits(filters: VisitFilters, *, seen_by: User) -> QuerySet[AssistedVisit]:
    """Keys of visits, newest first: cut the page, then read its rows by `visit_rows`."""
    helper = filters.helper if seen_by.has_perm(VIEW_VISITS) else seen_by
    where = Q()
    if helper:
        where &= Q(helper=helper)
    if filters.first:
        where &= Q(begun_at__gte=filters.first)
    if filters.end:
        where &= Q(begun_at__lt=filters.end)
    if filters.place:
        where &= Q(place=filters.place)
    if filters.how:
        where &= Q(ended_at=None) if filters.how == OPEN else Q(how_ended=filters.how)
    if filters.has_account is not None:
        where &= Q(has_account=filters.has_account)
    return AssistedVisit.objects.filter(where).order_by("-begun_at", "-pk")


def visit_rows(keys: Sequence[int]) -> list[AssistedVisit]:
    """Visits with these keys, in this order, each with `requests`, what was sent in it."""
    found = AssistedVisit.objects.select_related("customer", "helper").in_bulk(keys)
    sent: dict[int, list[Any]] = {}
    for one in VisitRequest.objects.filter(visit__in=found).select_related("case").order_by("case__opened_at", "pk"):
        sent.setdefault(one.visit_id, []).append(one.case)
    rows = [found[key] for key in keys if key in found]
    for row in rows:
        row.requests = sent.get(row.pk, [])  # type: ignore[attr-defined]
    return rows


def record_seen(shown: Sequence[AssistedVisit], *, by: User) -> None:
    """Their names, and what they came for, were read."""
    people = {visit.customer_id: visit.customer for visit in shown}
    record_readings(actor=by, read=[(one, "list of visits") for one in people.values()], purpose="assisted visits")


def places_of_visits() -> list[str]:
    """Every place at which somebody was helped, by name."""
    return list(AssistedVisit.objects.exclude(place="").order_by("place").values_list("place", flat=True).distinct())


def last_place_of(user: User) -> str:
    """Where this member of staff helped last: most likely where they are."""
    newest = AssistedVisit.objects.filter(helper=user).exclude(place="").order_by("-begun_at")
    return newest.values_list("place", flat=True).first() or ""


# --- In numbers, and nobody's names -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class VisitFigures:
    place: str
    visits: int
    with_account: int
    with_request: int  # at least one was sent
    left: int  # without an end
    minutes: float | None  # the median of those that are over, until their last use


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def visit_figures(first: dt.datetime, end: dt.datetime) -> list[VisitFigures]:
    """Visits that began since `first` and before `end`, by place. One query, however many visits."""
    left = Q(how_ended=VisitEventKind.LEFT)
    until = Case(When(left, then=F("used_at")), default=F("ended_at"))
    rows: Any = (
        AssistedVisit.objects.filter(begun_at__gte=first, begun_at__lt=end)
        .annotate(
            has_request=Exists(VisitRequest.objects.filter(visit=OuterRef("pk"))),
            lasted=Cast(until - F("begun_at"), DurationField()),
        )
        .values("place")
        .annotate(
            visits=Count("pk"),
            with_account=Count("pk", filter=Q(has_account=True)),
            with_request=Count("pk", filter=Q(has_request=True)),
            left=Count("pk", filter=left),
            seconds=Median(Extract("lasted", "epoch")),
        )
        .order_by("place")
    )
    return [VisitFigures(minutes=_in_minutes(row.pop("seconds")), **row) for row in rows]


def _in_minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
