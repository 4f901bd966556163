"""Is somebody there now, until when, and when next? For many places at once, in two queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.gazetteer.enums import Weekday
from barnet.gazetteer.models import OpeningHours
from barnet.gazetteer.working_days import DAY, bank_holidays, working_calendar
from barnet.kit.wording import clock, day

_DAYS_AHEAD = 14
Span = tuple[dt.time, dt.time]
Week = dict[int, list[Span]]


@dataclass(frozen=True)
class Opening:
    """How a place stands at one moment. `week` is what it says on the door."""

    open_until: dt.time | None  # None: closed now
    next_opens_at: dt.datetime | None  # None: open now, or closed for the next fortnight
    asked_at: dt.datetime
    week: Week = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.open_until is not None

    @property
    def sentence(self) -> str:
        if self.open_until:
            return _("Open now until %(time)s") % {"time": clock(self.open_until)}
        if self.next_opens_at is None:
            return _("Closed now")
        time, on = clock(self.next_opens_at.time()), self.next_opens_at.date()
        days = (on - self.asked_at.date()).days
        if days == 0:
            return _("Closed now, opens today at %(time)s") % {"time": time}
        if days == 1:
            return _("Closed now, opens tomorrow at %(time)s") % {"time": time}
        return _("Closed now, opens %(day)s at %(time)s") % {"day": day(on), "time": time}

    @property
    def usual_hours(self) -> list[str]:
        """“Monday to Friday: 9am to 5pm”, one line for days in a row that are alike."""
        lines = []
        open_days = [number for number in range(7) if self.week.get(number)]
        for _run, members in groupby(enumerate(open_days), key=lambda pair: (pair[1] - pair[0], self.week[pair[1]])):
            days = [number for _place, number in members]
            lines.append(f"{_days(days)}: {_hours(self.week[days[0]])}")
        return lines


def openings(places: Iterable[str], at: dt.datetime | None = None) -> dict[str, Opening]:
    """By the name of the place in upper case; a place without opening hours is not in it.

    Nobody is there on a bank holiday or a closure of the council.
    """
    wanted = {place.upper() for place in places if place}
    if not wanted:
        return {}
    local = timezone.localtime(at or timezone.now())
    weeks: dict[str, Week] = {}
    rows = OpeningHours.objects.annotate(name=Upper("place")).filter(name__in=wanted).order_by("weekday", "opens_at")
    for row in rows:
        weeks.setdefault(row.name, {}).setdefault(row.weekday, []).append((row.opens_at, row.closes_at))
    closed = _closed_days(local.date())
    return {place: _opening(week, local, closed) for place, week in weeks.items()}


def _closed_days(today: dt.date) -> set[dt.date]:
    last = today + _DAYS_AHEAD * DAY
    return {*working_calendar().closures, *bank_holidays(today.year), *bank_holidays(last.year)}


def _opening(week: Week, local: dt.datetime, closed: set[dt.date]) -> Opening:
    until = _open_until(_spans(week, local.date(), closed), local.time())
    coming = None if until else _next_opening(week, local, closed)
    return Opening(until, coming, local, week)


def _spans(week: Week, on: dt.date, closed: set[dt.date]) -> list[Span]:
    return [] if on in closed else week.get(on.weekday(), [])


def _open_until(spans: list[Span], now: dt.time) -> dt.time | None:
    """The end of the span that holds the moment, and of those that follow it without a break."""
    until = None
    for opens_at, closes_at in spans:
        if opens_at <= (until or now) < closes_at and (until is None or opens_at == until):
            until = closes_at
    return until


def _next_opening(week: Week, local: dt.datetime, closed: set[dt.date]) -> dt.datetime | None:
    for ahead in range(_DAYS_AHEAD + 1):
        on = local.date() + ahead * DAY
        for opens_at, _closes_at in _spans(week, on, closed):
            if ahead or opens_at > local.time():
                return dt.datetime.combine(on, opens_at)
    return None


def _days(days: list[int]) -> str:
    first, last = Weekday(days[0]).label, Weekday(days[-1]).label
    if len(days) == 1:
        return str(first)
    return (_("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")) % {
        "first": first,
        "last": last,
    }


def _hours(spans: list[Span]) -> str:
    written = [_("%(from)s to %(to)s") % {"from": clock(start), "to": clock(end)} for start, end in spans]
    return ", ".join(written)
