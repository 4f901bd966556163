"""The lists of the back office: cheap at a hundred thousand cases, the same queries for one row and for a hundred."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.models import Customer, User
from barnet.gazetteer.models import Address, Area
from barnet.gazetteer.selectors import parse_postcode
from barnet.kit.references import InvalidReferenceError, parse_reference
from portal.cases.enums import OPEN_STATES, RUNNING_STATES, CaseState, Phase
from portal.cases.models import Absence, Case, CaseQuerySet, Follower, Team
from portal.cases.selectors.seeing import cases_seen_by


class Due(models.TextChoices):
    LATE = "late", _("Late")
    TODAY = "today", _("Due today")
    ESCALATED = "escalated", _("Taken over by a team leader")
    SILENT = "silent", _("Customer waits for a word")
    REOPENED = "reopened", _("Opened again")
    WROTE = "wrote", _("Customer wrote to us")


class Sorting(models.TextChoices):
    PROMISE = "promise", _("Promise, soonest first")
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


_ORDER = {
    Sorting.PROMISE: ("promise_on", "id"),
    Sorting.NEWEST: ("-opened_at", "-id"),
    Sorting.OLDEST: ("opened_at", "id"),
}


_SHOWN = ("service", "team", "assignee", "customer", "address", "ward")


@dataclass(frozen=True)
class QueueFilters:
    """Empty means: does not matter."""

    seen_by: User | None = None  # no more than this member of staff sees
    is_open: bool = False  # received, in progress or waiting
    phase: str = ""  # a Phase
    state: str = ""  # a CaseState
    service: Service | None = None
    team: Team | None = None
    my_teams: User | None = None  # any team of this person
    assignee: User | None = None
    mine: User | None = None  # given to this person, or to somebody whom they cover today
    is_unassigned: bool = False  # nobody has it: no team
    ward: Area | None = None
    channel: str = ""
    urgency: str = ""  # a CaseUrgency
    due: str = ""
    opened_from: dt.date | None = None
    opened_until: dt.date | None = None
    text: str = ""
    sort: str = Sorting.PROMISE


@dataclass(frozen=True)
class QueueCounts:
    mine: int
    my_teams: int
    unassigned: int
    due_today: int
    late: int
    waiting: int
    reopened: int
    silent: int
    wrote: int


def queue(filters: QueueFilters) -> CaseQuerySet:
    """The cases that pass the filters, with what a row of the list shows. Slice it: it may hold everything."""
    return having(filters).select_related(*_SHOWN).order_by(*_ORDER[Sorting(filters.sort)])


def having(filters: QueueFilters) -> CaseQuerySet:
    """The cases that pass the filters, and no more."""
    seen = cases_seen_by(filters.seen_by) if filters.seen_by else Case.objects.all()
    cases = seen.filter(_where(filters, timezone.localdate()))
    return cases.filter(_matches(filters.text.strip())) if filters.text.strip() else cases


def beside(filters: QueueFilters, case: Case) -> tuple[str, str]:
    """References of the request before and the one after this in the list, whether or not it fits the filters itself.
    Two queries, each from the place of the request on; empty where nothing is."""
    cases = having(filters).exclude(pk=case.pk)
    name, key = _ORDER[Sorting(filters.sort)]
    is_falling, name, key = name.startswith("-"), name.lstrip("-"), key.lstrip("-")
    place = getattr(case, name)
    higher = cases.filter(Q(**{f"{name}__gt": place}) | Q(**{name: place, f"{key}__gt": case.pk}))
    lower = cases.filter(Q(**{f"{name}__lt": place}) | Q(**{name: place, f"{key}__lt": case.pk}))
    up = higher.order_by(name, key).values_list("reference", flat=True).first() or ""
    down = lower.order_by(f"-{name}", f"-{key}").values_list("reference", flat=True).first() or ""
    return (up, down) if is_falling else (down, up)


def queue_rows(keys: list[int]) -> list[Case]:
    """The cases of these keys, in this order, with what a row of the list shows."""
    found = Case.objects.select_related(*_SHOWN).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def queue_counts(user: User) -> QueueCounts:
    """The numbers of the staff start page, from open cases only."""
    today = timezone.localdate()
    active, now = Q(state__in=RUNNING_STATES), timezone.now()
    my_teams = list(user.teams.values_list("pk", flat=True))
    numbers = (
        cases_seen_by(user)
        .open()
        .aggregate(
            mine=Count("pk", filter=_is_mine(user, today)),
            my_teams=Count("pk", filter=Q(team__in=my_teams)),
            unassigned=Count("pk", filter=Q(team=None)),
            due_today=Count("pk", filter=active & Q(promise_on=today)),
            late=Count("pk", filter=active & Q(promise_on__lt=today)),
            waiting=Count("pk", filter=Q(state=CaseState.WAITING)),
            reopened=Count("pk", filter=Q(reopened_count__gt=0)),
            silent=Count("pk", filter=active & _silent(now)),
            wrote=Count("pk", filter=Q(wrote_at__isnull=False)),
        )
    )
    return QueueCounts(**numbers)


def _where(filters: QueueFilters, today: dt.date) -> Q:
    where = Q(state__in=OPEN_STATES) if filters.is_open else Q()
    if filters.phase:
        where &= Q(state__in=[state for state in CaseState if state.phase == Phase(filters.phase)])
    for name in ("state", "service", "team", "assignee", "ward", "channel", "urgency"):
        if value := getattr(filters, name):
            where &= Q(**{name: value})
    if filters.my_teams:
        where &= Q(team__in=[team.pk for team in filters.my_teams.teams.all()])
    if filters.mine:
        where &= _is_mine(filters.mine, today)
    if filters.is_unassigned:
        where &= Q(team=None, state__in=OPEN_STATES)
    if filters.due:
        where &= _due(Due(filters.due), today)
    if filters.opened_from:
        where &= Q(opened_at__gte=_midnight(filters.opened_from))
    if filters.opened_until:
        where &= Q(opened_at__lt=_midnight(filters.opened_until + dt.timedelta(days=1)))
    return where


def _is_mine(user: User, today: dt.date) -> Q:
    covered = Absence.objects.on(today).filter(cover=user).values("person")
    return Q(assignee=user) | Q(assignee__in=covered)


def _due(due: Due, today: dt.date) -> Q:
    running = Q(state__in=RUNNING_STATES)
    return {
        Due.LATE: running & Q(promise_on__lt=today),
        Due.TODAY: running & Q(promise_on=today),
        Due.SILENT: running & _silent(timezone.now()),
        Due.ESCALATED: Q(escalated_at__isnull=False, state__in=OPEN_STATES),
        Due.WROTE: Q(wrote_at__isnull=False),
        Due.REOPENED: Q(reopened_count__gt=0, state__in=OPEN_STATES),
    }[due]


def _silent(now: dt.datetime) -> Q:
    """No first response, or no further word, by when we promise one."""
    return Q(responded_at=None, respond_by__lt=now) | Q(update_by__lt=now)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _matches(text: str) -> Q:
    """A reference or a postcode is looked up exactly; anything else in names, e-mail addresses and places."""
    try:
        return Q(reference=parse_reference(text))
    except InvalidReferenceError:
        pass
    if postcode := parse_postcode(text):
        at_postcode = Address.objects.filter(postcode_key=postcode.replace(" ", "")).values("pk")
        return Q(address__in=at_postcode) | Q(address_text__icontains=postcode)
    found = [
        Case.objects.filter(contact_name__icontains=text),
        Case.objects.filter(contact_email__icontains=text),
        Case.objects.filter(address_text__icontains=text),
        Case.objects.filter(address__in=Address.objects.filter(search_text__contains=text.upper()).values("pk")),
        Case.objects.filter(customer__in=Customer.objects.filter(name__icontains=text).values("pk")),
        Case.objects.filter(customer__in=Customer.objects.filter(email__icontains=text).values("pk")),
        Case.objects.filter(pk__in=Follower.objects.filter(email__icontains=text).values("case")),
    ]
    ids = [cases.order_by().values("pk") for cases in found]
    return Q(pk__in=ids[0].union(*ids[1:]))
