"""The days and hours on which the council works, in London time.

A working day is Monday to Friday, no bank holiday of England and Wales, no closure of the council.

- Bank holidays come from the data that the library `govuk-bank-holidays` brings along; nothing is fetched. After the
  last year of that data they are worked out from the Acts (`_by_rule`), which cannot know of an extra one: staff add
  that as a closure. `manage.py check_calendar` warns in time that the library wants an update.
- Closures are read afresh by every function here, with one query, so that every process follows an edit at once.
  Whoever asks many times takes one `Calendar`: `calendar = working_calendar()`, then the same functions as methods.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

from dateutil.easter import easter
from django.utils import timezone
from govuk_bank_holidays.bank_holidays import BankHolidays

from barnet.gazetteer.enums import Weekday
from barnet.gazetteer.models import Closure, OpeningHours

DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The council's working days as they stood when it was read."""

    closures: frozenset[dt.date] = field(default_factory=frozenset)

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() < SATURDAY and day not in _holidays_of(day.year) and day not in self.closures

    def next_working_day(self, day: dt.date) -> dt.date:
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: dt.date) -> dt.date:
        return self.add_working_days(day, -1)

    def add_working_days(self, day: dt.date, number: int) -> dt.date:
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, after: dt.date, up_to: dt.date) -> int:
        if up_to < after:
            return -self.working_days_between(up_to, after)
        days = (after + DAY * n for n in range(1, (up_to - after).days + 1))
        return sum(self.is_working_day(day) for day in days)


def working_calendar() -> Calendar:
    return Calendar(frozenset(Closure.objects.values_list("on", flat=True)))


def is_working_day(day: dt.date) -> bool:
    return working_calendar().is_working_day(day)


def next_working_day(day: dt.date) -> dt.date:
    """The first working day after that day."""
    return working_calendar().next_working_day(day)


def previous_working_day(day: dt.date) -> dt.date:
    """The last working day before that day."""
    return working_calendar().previous_working_day(day)


def add_working_days(day: dt.date, number: int) -> dt.date:
    """The n-th working day after that day, or before it when n is negative. With 0 the day itself, whatever it is."""
    return working_calendar().add_working_days(day, number)


def working_days_between(after: dt.date, up_to: dt.date) -> int:
    """How many working days lie after the first day, up to and including the second; negative when it is earlier."""
    return working_calendar().working_days_between(after, up_to)


# --- Bank holidays ----------------------------------------------------------------------------------------------------


def bank_holidays(year: int) -> list[dt.date]:
    return sorted(_holidays_of(year))


def bank_holidays_known_until() -> dt.date:
    """The last bank holiday that the bundled data knows."""
    return max(_published())


@cache
def _holidays_of(year: int) -> frozenset[dt.date]:
    published = _published()
    if min(published).year <= year <= max(published).year:
        return frozenset(day for day in published if day.year == year)
    return frozenset(_by_rule(year))


@cache
def _published() -> frozenset[dt.date]:
    library = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in library.get_holidays(BankHolidays.ENGLAND_AND_WALES))


def _by_rule(year: int) -> list[dt.date]:
    """Banking and Financial Dealings Act 1971, with New Year's Day and the usual substitute days."""
    easter_day = easter(year)
    return [
        *_with_substitutes(dt.date(year, 1, 1)),
        easter_day - 2 * DAY,
        easter_day + DAY,
        _monday_from(dt.date(year, 5, 1)),
        _monday_from(dt.date(year, 5, 25)),
        _monday_from(dt.date(year, 8, 25)),
        *_with_substitutes(dt.date(year, 12, 25), dt.date(year, 12, 26)),
    ]


def _with_substitutes(*days: dt.date) -> list[dt.date]:
    """What falls on a weekend moves to the next weekday that is not a holiday already."""
    taken = [day for day in days if day.weekday() < SATURDAY]
    for day in days:
        if day in taken:
            continue
        while day.weekday() >= SATURDAY or day in taken:
            day += DAY
        taken.append(day)
    return taken


def _monday_from(day: dt.date) -> dt.date:
    return day + DAY * (-day.weekday() % 7)


# --- Opening hours ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpeningDay:
    label: str  # "Monday"
    hours: list[tuple[dt.time, dt.time]]  # none: closed


def is_open(place: str, at: dt.datetime) -> bool:
    """Is the line or the counter open at that moment? Never on a bank holiday or a closure."""
    local = timezone.localtime(at)
    hours = OpeningHours.objects.filter(
        place__iexact=place, weekday=local.weekday(), opens_at__lte=local.time(), closes_at__gt=local.time()
    )
    return hours.exists() and not _is_day_off(local.date())


def opening_hours(place: str) -> list[OpeningDay]:
    """Monday to Sunday, for display; an empty list when nobody has entered that place."""
    rows = OpeningHours.objects.filter(place__iexact=place).order_by("weekday", "opens_at")
    by_day: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for row in rows:
        by_day.setdefault(row.weekday, []).append((row.opens_at, row.closes_at))
    return [OpeningDay(str(day.label), by_day.get(day, [])) for day in Weekday] if by_day else []


def _is_day_off(day: dt.date) -> bool:
    return day in _holidays_of(day.year) or Closure.objects.filter(on=day).exists()
