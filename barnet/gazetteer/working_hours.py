"""Hours of work: on a working day, from when the council opens to when it closes (`settings.WORKING_HOURS`), by the
clock on the wall in London. A change of that clock adds or takes no working hour."""

import datetime as dt

from django.conf import settings

from barnet.gazetteer.working_days import Calendar, working_calendar
from barnet.kit.periodic import LONDON


def add_working_hours(at: dt.datetime, hours: int, calendar: Calendar | None = None) -> dt.datetime:
    """The moment by which so many working hours have gone by after `at`, or before it when `hours` is negative.

    Outside working hours the count begins when the council opens next (or closed last).
    """
    calendar = calendar or working_calendar()
    local = at.astimezone(LONDON).replace(tzinfo=None)
    left = dt.timedelta(hours=abs(hours))
    found = _forward(local, left, calendar) if hours >= 0 else _backward(local, left, calendar)
    return found.replace(tzinfo=LONDON)


def closing_time(day: dt.date) -> dt.datetime:
    """When the working hours of that day end."""
    return dt.datetime.combine(day, settings.WORKING_HOURS[1], tzinfo=LONDON)


def _forward(at: dt.datetime, left: dt.timedelta, calendar: Calendar) -> dt.datetime:
    while True:
        opens, closes = _hours_of(at.date())
        at = max(at, opens)
        if calendar.is_working_day(at.date()) and at < closes:
            if at + left <= closes:
                return at + left
            left -= closes - at
        at = _hours_of(calendar.next_working_day(at.date()))[0]


def _backward(at: dt.datetime, left: dt.timedelta, calendar: Calendar) -> dt.datetime:
    while True:
        opens, closes = _hours_of(at.date())
        at = min(at, closes)
        if calendar.is_working_day(at.date()) and at > opens:
            if at - left >= opens:
                return at - left
            left -= at - opens
        at = _hours_of(calendar.previous_working_day(at.date()))[1]


def _hours_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    opens, closes = settings.WORKING_HOURS
    return dt.datetime.combine(day, opens), dt.datetime.combine(day, closes)
