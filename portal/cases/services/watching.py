"""The clocks of promises are watched: staff hear before and after one runs out, and the customer is told that a promise
will be missed while it is not missed yet.

Runs every few minutes and may be stopped at any point: who was told is written in the transaction that queues the
message. Only one run at a time.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.gazetteer.working_days import Calendar, working_calendar
from barnet.gazetteer.working_hours import add_working_hours, closing_time
from barnet.kit.languages import in_english
from barnet.kit.wording import day, moment
from barnet.notifications.services import Telling, queue_messages
from portal.cases.enums import RUNNING_STATES, Clock
from portal.cases.models import Case, CaseQuerySet, Escalation, EscalationNotice
from portal.cases.promises import standard_of
from portal.cases.selectors.desk import away_on
from portal.cases.services.moves import resume_case
from portal.cases.services.promising import delay_case
from portal.cases.services.writing import take_turn

BATCH = 200
WARN_HOURS = 2  # working hours before the end of the promised day
_COLUMN = {Clock.RESPONSE: "respond_by", Clock.UPDATE: "update_by"}


def watch_promises() -> str:
    told = sum(_escalate(rule) for rule in Escalation.objects.select_related("service", "role"))
    return f"{told} told of by escalations, {warn_customers()} customers told that it takes longer"


def resume_held() -> str:
    """What was held until a day goes on by itself when the day comes."""
    due = Case.objects.filter(pauses__until_on=None, pauses__resumes_on__lte=timezone.localdate())
    cases = list(due.order_by("pk"))
    for case in cases:
        resume_case(case, actor=Actor.system())
    return f"{len(cases)} go on"


# --- The customer -----------------------------------------------------------------------------------------------------


def warn_customers() -> int:
    """On the afternoon of the promised day: nobody said yet that it takes longer, and it is not done. The same on the
    day that was named then, and so on. Of a day on which the council came to be closed, on the last working day before
    it."""
    now, today, calendar = timezone.now(), timezone.localdate(), working_calendar()
    if now < add_working_hours(closing_time(today), -WARN_HOURS) or not calendar.is_working_day(today):
        return 0
    until = calendar.next_working_day(today)
    unkept = Case.objects.filter(
        Q(expected_on=None, promise_on__gte=today, promise_on__lt=until)
        | Q(expected_on__gte=today, expected_on__lt=until),
        state__in=RUNNING_STATES,
    )
    told, last = 0, 0
    days: dict[tuple[int, str], int | None] = {}
    while batch := list(unkept.filter(pk__gt=last).select_related("service").order_by("pk")[:BATCH]):
        for case in batch:
            kind = (case.service_id, case.urgency)
            if kind not in days:
                days[kind] = standard_of(case.service, case.urgency).delay_days
            told += _warn(case, days[kind], calendar)
        last = batch[-1].pk
    return told


@transaction.atomic
def _warn(case: Case, delay_days: int | None, calendar: Calendar) -> bool:
    """False when its service says nothing of delays, or the case was dealt with since it was read."""
    if delay_days is None:
        return False
    named_on = case.named_on
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state not in RUNNING_STATES or case.named_on != named_on:
        return False
    delay_case(case, actor=Actor.system(), expected_on=calendar.add_working_days(named_on, delay_days))
    return True


# --- Staff ------------------------------------------------------------------------------------------------------------


@in_english()
@transaction.atomic
def _escalate(rule: Escalation) -> int:
    """One message for a person and a run, with everything that they should look at."""
    take_turn(f"escalation:{rule.pk}")
    audience = _Audience(rule)
    reached = _reached(rule).select_related("team", "assignee")
    if not audience.holders:  # nobody to tell yet: it waits until somebody has it
        reached = reached.filter(assignee__is_active=True)
    cases = list(reached[:BATCH])
    by_person: dict[User, list[Case]] = defaultdict(list)
    first = 0
    for case in cases:
        people = audience.of(case)
        notice = EscalationNotice.objects.create(case=case, rule=rule, due_on=_due_on(rule, case))
        notice.told.set(people)
        first = first or notice.pk
        for person in people:
            by_person[person].append(case)
    queue_messages("staff-promises", [_telling(rule, first, person, found) for person, found in by_person.items()])
    return len(cases)


def _reached(rule: Escalation) -> CaseQuerySet:
    """The running cases for which the moment of the rule has come, and of which it has not told."""
    until = add_working_hours(timezone.now(), -rule.hours)
    cases = Case.objects.filter(state__in=RUNNING_STATES)
    if rule.service:
        cases = cases.filter(service=rule.service)
    if rule.clock == Clock.RESOLUTION:
        is_over = until >= closing_time(timezone.localtime(until).date())
        last = timezone.localtime(until).date() - dt.timedelta(days=0 if is_over else 1)
        cases = cases.filter(promise_on__lte=last, promise_on__gte=rule.since).annotate(due_on=F("promise_on"))
        order = "promise_on"
    else:
        order = _COLUMN[Clock(rule.clock)]
        cases = cases.filter(Q(**{f"{order}__lte": until, f"{order}__gte": closing_time(rule.since - dt.timedelta(1))}))
        if rule.clock == Clock.RESPONSE:
            cases = cases.filter(responded_at=None)
        cases = cases.annotate(due_on=TruncDate(order))
    told = EscalationNotice.objects.filter(case=OuterRef("pk"), rule=rule, due_on=OuterRef("due_on"))
    return cases.exclude(Exists(told)).order_by(order, "pk")


def _due_on(rule: Escalation, case: Case) -> dt.date:
    if rule.clock == Clock.RESOLUTION:
        return case.promise_on
    at: dt.datetime = getattr(case, _COLUMN[Clock(rule.clock)])
    return timezone.localtime(at).date()


class _Audience:
    """Who hears of a case: who has it, and those of its team who hold the role, or all who do; of who is away, their
    cover. Five queries at most."""

    def __init__(self, rule: Escalation) -> None:
        self.rule = rule
        holders = User.objects.filter(groups=rule.role) if rule.role else User.objects.none()
        self.holders = list(holders.filter(is_active=True, is_staff=True).prefetch_related("teams").order_by("pk"))
        self.covers = {absence.person_id: absence.cover for absence in away_on(timezone.localdate())}

    def of(self, case: Case) -> list[User]:
        people: list[User] = []
        if self.rule.tells_assignee and case.assignee and case.assignee.is_active:
            people.append(case.assignee)
        in_team = [user for user in self.holders if case.team in user.teams.all()] if case.team else []
        told = (self.covers.get(person.pk, person) for person in [*people, *(in_team or self.holders)])
        return list(dict.fromkeys(person for person in told if person.is_active))


def _telling(rule: Escalation, first: int, person: User, cases: Iterable[Case]) -> Telling:
    cases = list(cases)
    return Telling(
        key=f"escalation:{rule.pk}:{first}:{person.pk}",
        email=person.email,
        fields={
            "count": ngettext("%(count)d request", "%(count)d requests", len(cases)) % {"count": len(cases)},
            "what": rule.get_clock_display(),
            "when": _when(rule.hours),
            "list": "\n".join(f"{case.reference} {case.title}, {_due(rule, case)}" for case in cases),
            "link": settings.BASE_URL + reverse("staff_cases"),
        },
    )


def _due(rule: Escalation, case: Case) -> str:
    if rule.clock == Clock.RESOLUTION:
        return _("promised for %(day)s") % {"day": day(case.promise_on)}
    return _("due %(moment)s") % {"moment": moment(getattr(case, _COLUMN[Clock(rule.clock)]))}


def _when(hours: int) -> str:
    if hours < 0:
        words = ngettext("%(count)d working hour before it is due", "%(count)d working hours before it is due", -hours)
        return words % {"count": -hours}
    if hours == 0:
        return _("due now")
    words = ngettext("%(count)d working hour after it was due", "%(count)d working hours after it was due", hours)
    return words % {"count": hours}
