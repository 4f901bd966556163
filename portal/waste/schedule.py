"""Collection days: the pattern of a round, and where a holiday shift moves a collection. Dates in, dates out.

A round is due every week or every other week, counted from its first day. A collection that is due takes place exactly
once: on the day of the shift for its stream, else of the shift for all, else on the day itself. A shift applies to the
day that the pattern gives and is never applied twice. There are no times here, so a change of the clocks moves nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.waste.enums import Stream
from portal.waste.models import LONGEST_SHIFT, HolidayShift, Round

WEEK = dt.timedelta(days=7)
REACH = dt.timedelta(days=LONGEST_SHIFT)


@dataclass(frozen=True)
class CollectionDay:
    """A collection of one stream: due by the pattern on `due_on`, taking place on `on`."""

    on: dt.date
    due_on: dt.date
    round: Round
    shift: HolidayShift | None = None

    @property
    def stream(self) -> Stream:
        return Stream(self.round.stream)

    @property
    def is_moved(self) -> bool:
        return self.on != self.due_on


class Shifts:
    """The holiday shifts of a period, by the day and the stream that they concern."""

    def __init__(self, shifts: Iterable[HolidayShift] = ()) -> None:
        self._by_day = {(shift.due_on, shift.stream): shift for shift in shifts}

    def find(self, due_on: dt.date, stream: str) -> HolidayShift | None:
        return self._by_day.get((due_on, stream)) or self._by_day.get((due_on, ""))

    def day(self, due_on: dt.date, stream: str) -> dt.date:
        shift = self.find(due_on, stream)
        return shift.moved_to if shift else due_on

    def clashes(self) -> list[HolidayShift]:
        """Shifts that would bring a collection to, or past, the day of the one a week before or after it."""
        return [shift for shift in self._by_day.values() if any(self._clashes(shift, stream) for stream in Stream)]

    def _clashes(self, shift: HolidayShift, stream: Stream) -> bool:
        if shift.stream not in ("", stream) or self.find(shift.due_on, stream) is not shift:
            return False
        before, after = (self.day(shift.due_on + step, stream) for step in (-WEEK, WEEK))
        return not before < shift.moved_to < after

    @cached_property
    def last_changed_at(self) -> dt.datetime | None:
        return max((shift.changed_at for shift in self._by_day.values()), default=None)


def due_days(tour: Round, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The days of the pattern from `start` up to, not including, `end`."""
    step = WEEK * tour.frequency
    late = max((start - tour.first_on).days, 0)
    day = tour.first_on + step * -(-late // step.days)
    while day < end:
        yield day
        day += step


def collection_days(tour: Round, shifts: Shifts, start: dt.date, end: dt.date) -> list[CollectionDay]:
    """The collections that take place from `start` up to, not including, `end`, earliest first."""
    days = (
        CollectionDay(shifts.day(due_on, tour.stream), due_on, tour, shifts.find(due_on, tour.stream))
        for due_on in due_days(tour, start - REACH, end + REACH)
    )
    return sorted((day for day in days if start <= day.on < end), key=lambda day: day.on)


def latest_collection(tour: Round, shifts: Shifts, on: dt.date) -> CollectionDay | None:
    """The last collection on or before a day."""
    span = WEEK * tour.frequency + REACH
    return next(reversed(collection_days(tour, shifts, on - span, on + dt.timedelta(days=1))), None)


def next_collection(tour: Round, shifts: Shifts, after: dt.date) -> CollectionDay | None:
    """The first collection after a day, however far away the first day of the round is."""
    start = after + dt.timedelta(days=1)
    end = max(start, tour.first_on) + WEEK * tour.frequency + 2 * REACH
    return next(iter(collection_days(tour, shifts, start, end)), None)
