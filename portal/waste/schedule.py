"""Collection days: the pattern of a round, where a holiday shift moves a collection, and what a notice says of it.

A round is due every week or every other week, counted from its first day. A collection that is due takes place exactly
once: on the day of the shift for its stream, else of the shift for all, else on the day itself. A shift applies to the
day that the pattern gives and is never applied twice. The day that results is what residents were told. A notice
applies to that day: the collection is suspended, late, or moved once more. There are no times here, so a change of the
clocks moves nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.waste.enums import NoticeKind, Stream
from portal.waste.models import LONGEST_SHIFT, HolidayShift, Round, RoundNotice

WEEK = dt.timedelta(days=7)
REACH = dt.timedelta(days=LONGEST_SHIFT)


@dataclass(frozen=True)
class CollectionDay:
    """A collection of one stream: due by the pattern on `due_on`, taking place on `on`.

    A suspended one keeps the day on which it would have taken place. `changed_at`: when we last said anything about it,
    a notice that was withdrawn since included.
    """

    on: dt.date
    due_on: dt.date
    round: Round
    shift: HolidayShift | None = None
    notice: RoundNotice | None = None
    changed_at: dt.datetime | None = None

    @property
    def stream(self) -> Stream:
        return Stream(self.round.stream)

    @property
    def is_moved(self) -> bool:
        return self.on != self.due_on

    @property
    def moved_because(self) -> str:
        if self.notice and self.notice.moved_to:
            return self.notice.words
        return self.shift.reason if self.shift and self.is_moved else ""

    @property
    def is_suspended(self) -> bool:
        return self.notice is not None and self.notice.kind == NoticeKind.SUSPENDED

    @property
    def late_notice(self) -> RoundNotice | None:
        return self.notice if self.notice and self.notice.kind == NoticeKind.LATE else None


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


class Notices:
    """The notices of a period that can concern a property: those about its areas, and those about everywhere."""

    def __init__(self, notices: Iterable[RoundNotice] = ()) -> None:
        self._newest_first = sorted(notices, key=lambda notice: notice.pk or 0, reverse=True)

    def about(self, tour: Round, on: dt.date) -> list[RoundNotice]:
        """Newest first, withdrawn ones too."""
        return [
            notice
            for notice in self._newest_first
            if notice.first_on <= on <= notice.last_on
            and notice.round_id in (None, tour.pk)
            and notice.stream in ("", tour.stream)
        ]

    def there(self, areas: Collection[int]) -> "Notices":
        """Those that concern a property in these areas."""
        return Notices(notice for notice in self._newest_first if notice.area_id is None or notice.area_id in areas)

    @property
    def area_ids(self) -> set[int]:
        return {notice.area_id for notice in self._newest_first if notice.area_id is not None}

    @cached_property
    def last_on(self) -> dt.date:
        return max((notice.last_on for notice in self._newest_first), default=dt.date.min)

    def __bool__(self) -> bool:
        return bool(self._newest_first)


NO_NOTICES = Notices()


def due_days(tour: Round, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """The days of the pattern from `start` up to, not including, `end`."""
    step = WEEK * tour.frequency
    late = max((start - tour.first_on).days, 0)
    day = tour.first_on + step * -(-late // step.days)
    while day < end:
        yield day
        day += step


def collection_days(
    tour: Round, shifts: Shifts, start: dt.date, end: dt.date, notices: Notices = NO_NOTICES
) -> list[CollectionDay]:
    """The collections that take place, or would, from `start` up to, not including, `end`, earliest first."""
    days = (_as_told(tour, due_on, shifts, notices) for due_on in due_days(tour, start - 2 * REACH, end + 2 * REACH))
    return sorted((day for day in days if start <= day.on < end), key=lambda day: day.on)


def _as_told(tour: Round, due_on: dt.date, shifts: Shifts, notices: Notices) -> CollectionDay:
    shift = shifts.find(due_on, tour.stream)
    on = shift.moved_to if shift else due_on
    said = notices.about(tour, on) if notices else []
    notice = next((notice for notice in said if notice.is_standing), None)
    changes = [change.changed_at for change in (shift, *said) if change]
    if notice and notice.moved_to:
        on = notice.moved_to
    return CollectionDay(on, due_on, tour, shift, notice, max(changes, default=None))


def latest_collection(tour: Round, shifts: Shifts, on: dt.date, notices: Notices = NO_NOTICES) -> CollectionDay | None:
    """The last collection on or before a day, suspended or not."""
    span = WEEK * tour.frequency + 2 * REACH
    return next(reversed(collection_days(tour, shifts, on - span, on + dt.timedelta(days=1), notices)), None)


def next_collection(tour: Round, shifts: Shifts, after: dt.date, notices: Notices = NO_NOTICES) -> CollectionDay | None:
    """The first collection after a day that takes place, however far away the first day of the round is."""
    start = after + dt.timedelta(days=1)
    end = max(start, tour.first_on, notices.last_on) + WEEK * tour.frequency + 3 * REACH
    days = collection_days(tour, shifts, start, end, notices)
    return next((day for day in days if not day.is_suspended), None)
