"""How services did in a period, in numbers and nobody's names. One query, however many requests.

A request counts in the period in which it reached us, with what has become of it until now.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from barnet.customers.enums import Channel
from portal.cases.enums import OPEN_STATES, RUNNING_STATES, CaseState
from portal.cases.models import Case, Contact


@dataclass(frozen=True)
class ServiceFigures:
    name: str  # of the service
    received: int
    still_open: int
    late: int  # open, and the promise is broken
    resolved: int
    kept: int  # of the resolved, by the day that we promised
    withdrawn: int
    reopened: int


def service_figures(first: dt.datetime, end: dt.datetime) -> list[ServiceFigures]:
    """Of requests since `first` and before `end`, by the name of the service."""
    resolved = Q(state=CaseState.RESOLVED)
    is_late = Q(state__in=RUNNING_STATES, promise_on__lt=timezone.localdate())
    rows = (
        Case.objects.filter(opened_at__gte=first, opened_at__lt=end)
        .annotate(resolved_on=TruncDate("resolved_at"))
        .values(name=F("service__name"))
        .annotate(
            received=Count("pk"),
            still_open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            late=Count("pk", filter=is_late),
            resolved=Count("pk", filter=resolved),
            kept=Count("pk", filter=resolved & Q(resolved_on__lte=F("promise_on"))),
            withdrawn=Count("pk", filter=Q(state=CaseState.WITHDRAWN)),
            reopened=Count("pk", filter=Q(reopened_count__gt=0)),
        )
        .order_by("name")
    )
    return [ServiceFigures(**row) for row in rows]


@dataclass(frozen=True)
class ContactFigures:
    name: str  # of the reason
    contacts: int
    by_telephone: int
    at_a_counter: int
    settled: int  # at the first contact
    avoidable: int


def contact_figures(first: dt.datetime, end: dt.datetime) -> list[ContactFigures]:
    """Contacts that staff noted with a reason, since `first` and before `end`, by that reason. One query."""
    rows = (
        Contact.objects.filter(at__gte=first, at__lt=end, reason__isnull=False)
        .values(name=F("reason__name"))
        .annotate(
            contacts=Count("pk"),
            by_telephone=Count("pk", filter=Q(channel=Channel.PHONE)),
            at_a_counter=Count("pk", filter=Q(channel=Channel.FACE_TO_FACE)),
            settled=Count("pk", filter=Q(is_settled=True)),
            avoidable=Count("pk", filter=Q(is_avoidable=True)),
        )
        .order_by("reason__position", "name")
    )
    return [ContactFigures(**row) for row in rows]
