"""Open requests that may be the same as another. They are suggested to staff: nothing is done by itself."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.measure import D
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import User
from portal.cases.models import Case, CaseQuerySet, CaseRelation, NotTheSame
from portal.cases.registry import kind_for
from portal.cases.selectors.seeing import cases_seen_by

MOST = 5  # suggestions on one page
LAST_DAYS = dt.timedelta(days=14)  # in which somebody may have told us twice
SEES_WHO_ASKED = "customers.view_customer"


@dataclass(frozen=True)
class Suggestion:
    case: Case
    why: str


def may_be_the_same(case: Case, *, seen_by: User) -> list[Suggestion]:
    """Open requests of the same service near it, the nearest first, and those of the same person in the last days.
    That it is the same person is said to nobody who may not see who asked. One query, and one for
    the teams of who looks."""
    if not case.is_open or kind_for(case.service.slug).is_bound:
        return []
    near, theirs = _near(case), _of_the_same_person(case) if seen_by.has_perm(SEES_WHO_ASKED) else Case.objects.none()
    rows = cases_seen_by(seen_by).filter(Q(pk__in=near.values("pk").union(theirs.values("pk")))).exclude(pk=case.pk)
    rows = rows.exclude(pk__in=_settled(case)).select_related("service", "address", "customer")
    if case.location:
        rows = rows.annotate(away=Distance("location", case.location))
        rows = rows.order_by(F("away").asc(nulls_last=True), "-opened_at", "pk")
    return [Suggestion(other, _why(case, other)) for other in rows[:MOST]]


def near_to(case: Case) -> CaseQuerySet:
    """Open requests of its service so near to it as the service says."""
    return _near(case).exclude(pk=case.pk)


def _near(case: Case) -> CaseQuerySet:
    metres = case.service.same_within_metres
    if not case.location or not metres:
        return Case.objects.none()
    return _same_service(case).filter(location__dwithin=(case.location, D(m=metres)))


def _of_the_same_person(case: Case) -> CaseQuerySet:
    rows = _same_service(case).filter(opened_at__gte=timezone.now() - LAST_DAYS)
    if case.customer_id:
        return rows.filter(customer=case.customer_id)
    if case.contact_email:
        return rows.alias(email=Lower("contact_email")).filter(customer=None, email=case.contact_email.lower())
    return Case.objects.none()


def _same_service(case: Case) -> CaseQuerySet:
    return Case.objects.open().filter(service=case.service_id).order_by()


def _settled(case: Case) -> QuerySet[Any, Any]:
    """What hangs together with it already, and what somebody said is not the same."""
    pairs = []
    for model in (CaseRelation, NotTheSame):
        pairs += [
            model._base_manager.filter(one=case).order_by().values(pair=F("other")),
            model._base_manager.filter(other=case).order_by().values(pair=F("one")),
        ]
    return pairs[0].union(*pairs[1:])


def _why(case: Case, other: Case) -> str:
    away = getattr(other, "away", None)
    if away is not None and away.m <= case.service.same_within_metres:
        return _("%(metres)d metres away") % {"metres": round(away.m)}
    return _("Asked by the same person")
