"""What we promise the time of: the first response, the next update, and the day by which a request is dealt with.
`docs/decisions/promises-and-pauses.md` says why it is so.

- The promise of the day is the service's standard in working days, counted from the day after the request reached us.
- The first response is due within working hours, the next update within working days of the last word from us.
- A pause moves all of them on by the working days that it lasted, and the day that was named for a delay. Assigning
  does not touch them.
- A request that is opened again gets new ones of the full standard, counted from the day on which it was reopened.
- One that moves to another service, or becomes more or less urgent, gets those of its new standard, counted from the
  same day, with all its pauses.

Nothing here saves the case: who calls does.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.gazetteer.working_days import Calendar, working_calendar
from barnet.gazetteer.working_hours import add_working_hours, closing_time
from portal.cases.enums import EntryKind
from portal.cases.models import Case, Pause, PromiseStandard

PROMISES = ("promise_on", "expected_on", "respond_by", "responded_at", "update_by")  # what the functions here set


@dataclass(frozen=True)
class Standard:
    """How soon we answer one kind of request. None: not promised."""

    resolve_days: int
    response_hours: int | None = None
    update_days: int | None = None
    delay_days: int | None = None


def standard_of(service: Service, urgency: str) -> Standard:
    """One query. What a row leaves empty says the next more general one."""
    found = PromiseStandard.objects.filter(Q(service=service) | Q(service=None), urgency__in=["", urgency])
    rows = sorted(found, key=lambda row: (row.service_id is None, not row.urgency))

    def said(name: str) -> int | None:
        return next((getattr(row, name) for row in rows if getattr(row, name) is not None), None)

    days = said("resolve_days")
    return Standard(
        service.standard_working_days if days is None else days,
        said("response_hours"),
        said("update_days"),
        said("delay_days"),
    )


def begin_promises(case: Case, at: dt.datetime) -> None:
    """All of them from the start: the request reached us, or was opened again."""
    standard, calendar = standard_of(case.service, case.urgency), working_calendar()
    case.promise_on = calendar.add_working_days(timezone.localdate(), standard.resolve_days)
    case.respond_by = _hours(at, standard.response_hours, calendar)
    case.responded_at = None
    case.update_by = None


def heard_from_us(case: Case, at: dt.datetime) -> None:
    """A person told the customer something: the first response, and the next one is due."""
    standard = standard_of(case.service, case.urgency)
    case.responded_at = case.responded_at or at
    case.update_by = _end_of_day(at, standard.update_days, working_calendar()) if case.is_open else None


def begin_pause(case: Case, reason: str, resumes_on: dt.date | None = None) -> Pause:
    return Pause.objects.create(case=case, reason=reason[:300], from_on=timezone.localdate(), resumes_on=resumes_on)


def end_pause(case: Case) -> None:
    """Ends the pause that runs, if one does, and moves the promises on."""
    pause = Pause.objects.filter(case=case, until_on=None).first()
    if pause is None:
        return
    pause.until_on = max(timezone.localdate(), pause.from_on)
    pause.save(update_fields=["until_on"])
    calendar = working_calendar()
    days = calendar.working_days_between(pause.from_on, pause.until_on)
    case.promise_on = _later(case.promise_on, days, calendar)
    case.expected_on = case.expected_on and _later(case.expected_on, days, calendar)
    case.respond_by = _later_moment(case.respond_by, days, calendar)
    case.update_by = _later_moment(case.update_by, days, calendar)


def carry_promises(case: Case) -> None:
    """After its service or urgency changed: that standard from the same day, moved on by every pause since. Broken
    promises stay broken, and no new promise is for a day that is over."""
    standard, calendar, today = standard_of(case.service, case.urgency), working_calendar(), timezone.localdate()
    begun_at = _begun_at(case)
    begun_on = timezone.localtime(begun_at).date()
    paused = sum(
        calendar.working_days_between(pause.from_on, pause.until_on)
        for pause in Pause.objects.filter(case=case, from_on__gte=begun_on)
        if pause.until_on
    )
    if case.is_paused or not case.is_late(today):
        again = _later(calendar.add_working_days(begun_on, standard.resolve_days), paused, calendar)
        case.promise_on = again if again > today else calendar.next_working_day(today)
    if case.expected_on and case.expected_on <= case.promise_on:
        case.expected_on = None  # the promise itself is as late as that
    if case.responded_at is None:
        case.respond_by = _later_moment(_hours(begun_at, standard.response_hours, calendar), paused, calendar)


def _begun_at(case: Case) -> dt.datetime:
    """When it reached us, or was last opened again."""
    again = case.timeline.filter(kind=EntryKind.REOPENED).order_by("at").last()
    return again.at if again else case.opened_at


def _hours(at: dt.datetime, hours: int | None, calendar: Calendar) -> dt.datetime | None:
    return None if hours is None else add_working_hours(at, hours, calendar)


def _end_of_day(at: dt.datetime, days: int | None, calendar: Calendar) -> dt.datetime | None:
    if days is None:
        return None
    return closing_time(calendar.add_working_days(timezone.localtime(at).date(), days))


def _later(day: dt.date, days: int, calendar: Calendar) -> dt.date:
    return calendar.add_working_days(day, days) if days else day


def _later_moment(at: dt.datetime | None, days: int, calendar: Calendar) -> dt.datetime | None:
    """The same time of the day, so many working days on."""
    if at is None or not days:
        return at
    local = timezone.localtime(at)
    return dt.datetime.combine(calendar.add_working_days(local.date(), days), local.time(), tzinfo=local.tzinfo)
