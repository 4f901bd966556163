"""A month of collections as rows of weeks, for a table that people can read and hear."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.dates import MONTHS

from portal.waste.enums import Stream
from portal.waste.schedule import CollectionDay

AHEAD = 12  # months that can be looked at, and
BACK = 1  # months behind


@dataclass(frozen=True)
class Mark:
    """A stream as the calendar draws it."""

    code: str
    short: str
    name: str


@dataclass(frozen=True)
class Day:
    on: dt.date
    month_name: str
    is_in_month: bool
    is_today: bool
    marks: list[Mark]


@dataclass(frozen=True)
class Month:
    """The first of a month, with its weeks from Monday to Sunday and the months to which one may turn."""

    first: dt.date
    weeks: list[list[Day]]
    key: list[Mark]
    previous: dt.date | None
    next: dt.date | None


def chosen_month(text: str, today: dt.date) -> dt.date:
    """The first of the month that a link names as `2026-12`; the present month for anything else or too far."""
    try:
        month = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)
    return month if _first(today, -BACK) <= month <= _first(today, AHEAD) else today.replace(day=1)


def span(month: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the first week that shows, and the day after the last."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return weeks[0][0], weeks[-1][-1] + dt.timedelta(days=1)


def lay_out(month: dt.date, days: Iterable[CollectionDay], today: dt.date, streams: Collection[str] = ()) -> Month:
    """`streams`: what the key below the calendar explains."""
    # Words are made once for a month, not once for a day: the page has some forty days.
    marks = {stream: Mark(stream.value, stream.mark, str(stream.label)) for stream in Stream}
    names = {number: str(name) for number, name in MONTHS.items()}
    by_day = defaultdict(list)
    for day in days:
        if not day.is_suspended:
            by_day[day.on].append(marks[day.stream])
    return Month(
        first=month,
        weeks=[
            [Day(on, names[on.month], on.month == month.month, on == today, by_day.get(on, [])) for on in week]
            for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
        ],
        key=[marks[stream] for stream in Stream if stream in streams],
        previous=_within(_first(month, -1), today),
        next=_within(_first(month, 1), today),
    )


def _first(on: dt.date, months: int) -> dt.date:
    count = on.year * 12 + on.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


def _within(month: dt.date, today: dt.date) -> dt.date | None:
    return month if _first(today, -BACK) <= month <= _first(today, AHEAD) else None
