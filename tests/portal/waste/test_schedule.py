"""Dates in, dates out: no database."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.waste.enums import Stream
from portal.waste.models import LONGEST_SHIFT, HolidayShift, Round
from portal.waste.schedule import Shifts, collection_days, due_days, latest_collection, next_collection

MONDAY = dt.date(2026, 1, 5)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
ROUNDS = st.builds(
    lambda first_on, frequency, stream: Round(
        first_on=first_on, weekday=first_on.weekday(), frequency=frequency, stream=stream
    ),
    DAYS,
    st.sampled_from([1, 2]),
    st.sampled_from(Stream.values),
)
STEPS = st.integers(-LONGEST_SHIFT, LONGEST_SHIFT)


def tour(first_on=MONDAY, frequency=1, stream="refuse"):
    return Round(first_on=first_on, weekday=first_on.weekday(), frequency=frequency, stream=stream)


def shift(due_on, moved_to, stream=""):
    return HolidayShift(due_on=due_on, moved_to=moved_to, stream=stream, reason="Holiday")


@st.composite
def shifts_without_clashes(draw, tour):
    steps = draw(st.dictionaries(st.integers(0, 12), st.tuples(STEPS, st.sampled_from(["", *Stream.values]))))
    shifts = []
    for week, (step, stream) in steps.items():
        due_on = tour.first_on + dt.timedelta(weeks=week)
        shifts.append(shift(due_on, due_on + dt.timedelta(days=step), stream))
    assume(not Shifts(shifts).clashes())
    return Shifts(shifts)


@given(ROUNDS, DAYS, st.integers(0, 400))
def test_due_days_are_exactly_those_of_the_pattern(round_, start, length):
    end = start + dt.timedelta(days=length)
    found = list(due_days(round_, start, end))
    expected = [
        day
        for day in (start + dt.timedelta(days=n) for n in range(length))
        if day >= round_.first_on and (day - round_.first_on).days % (7 * round_.frequency) == 0
    ]
    assert found == expected


@given(ROUNDS, st.data())
def test_every_due_week_is_collected_exactly_once_and_in_order(round_, draw):
    shifts = draw.draw(shifts_without_clashes(round_))
    start, end = round_.first_on - dt.timedelta(weeks=2), round_.first_on + dt.timedelta(weeks=20)
    days = collection_days(round_, shifts, start, end)
    due = [day.due_on for day in days]
    assert due == [
        day for day in due_days(round_, start, end + dt.timedelta(days=6)) if shifts.day(day, round_.stream) < end
    ]
    assert len(set(due)) == len(due)
    assert all(earlier.on < later.on for earlier, later in pairwise(days))


@given(ROUNDS, st.data(), st.integers(0, 80))
def test_a_period_cut_in_two_loses_and_doubles_nothing(round_, draw, cut):
    shifts = draw.draw(shifts_without_clashes(round_))
    start, end = round_.first_on, round_.first_on + dt.timedelta(days=100)
    middle = start + dt.timedelta(days=cut)
    whole = collection_days(round_, shifts, start, end)
    assert whole == collection_days(round_, shifts, start, middle) + collection_days(round_, shifts, middle, end)


@given(ROUNDS, st.data(), st.integers(-20, 100))
def test_latest_and_next_meet_around_a_day(round_, draw, offset):
    shifts = draw.draw(shifts_without_clashes(round_))
    on = round_.first_on + dt.timedelta(days=offset)
    every = collection_days(round_, shifts, round_.first_on - dt.timedelta(days=7), on + dt.timedelta(weeks=12))
    before, after = [day for day in every if day.on <= on], [day for day in every if day.on > on]
    assert latest_collection(round_, shifts, on) == (before[-1] if before else None)
    assert next_collection(round_, shifts, on) == after[0]


def test_next_collection_of_a_round_that_starts_next_year():
    starts = dt.date(2027, 3, 1)
    assert next_collection(tour(first_on=starts), Shifts(), dt.date(2026, 1, 1)).on == starts


@pytest.mark.parametrize("clocks_change_on", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_clock_change_moves_no_collection(clocks_change_on):
    days = collection_days(
        tour(), Shifts(), clocks_change_on - dt.timedelta(days=14), clocks_change_on + dt.timedelta(14)
    )
    assert {day.on.weekday() for day in days} == {0}
    assert {(later.on - earlier.on).days for earlier, later in pairwise(days)} == {7}


def test_fortnight_is_counted_across_the_end_of_a_year_with_53_weeks():
    days = [day.on for day in collection_days(tour(frequency=2), Shifts(), dt.date(2026, 12, 14), dt.date(2027, 1, 19))]
    assert days == [dt.date(2026, 12, 21), dt.date(2027, 1, 4), dt.date(2027, 1, 18)]


def test_shift_moves_a_collection_to_a_saturday():
    friday = dt.date(2026, 1, 2)
    shifts = Shifts([shift(dt.date(2026, 12, 25), dt.date(2026, 12, 26))])
    (day,) = collection_days(tour(first_on=friday), shifts, dt.date(2026, 12, 21), dt.date(2026, 12, 28))
    assert (day.on, day.due_on, day.is_moved) == (dt.date(2026, 12, 26), dt.date(2026, 12, 25), True)


def test_shift_onto_a_shifted_day_is_not_applied_twice():
    shifts = Shifts(
        [shift(dt.date(2026, 12, 28), dt.date(2026, 12, 29)), shift(dt.date(2026, 12, 29), dt.date(2026, 12, 30))]
    )
    assert shifts.day(dt.date(2026, 12, 28), "refuse") == dt.date(2026, 12, 29)


def test_shift_of_the_stream_wins_over_the_shift_for_all():
    due_on = dt.date(2026, 12, 28)
    shifts = Shifts([shift(due_on, dt.date(2026, 12, 29)), shift(due_on, due_on, stream="food")])
    assert shifts.day(due_on, "refuse") == dt.date(2026, 12, 29)
    assert shifts.day(due_on, "food") == due_on


def test_shift_before_the_first_day_is_reached_from_the_day_it_moves_to():
    shifts = Shifts([shift(MONDAY, MONDAY + dt.timedelta(days=3))])
    days = collection_days(tour(), shifts, MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(days=4))
    assert [day.due_on for day in days] == [MONDAY]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [(3, 0, False), (6, 0, False), (6, -1, True), (5, -3, True), (4, -3, True), (3, -3, False)],
)
def test_two_shifts_that_meet_are_a_clash(first, second, clash):
    later = MONDAY + dt.timedelta(days=7)
    shifts = [shift(MONDAY, MONDAY + dt.timedelta(days=first)), shift(later, later + dt.timedelta(days=second))]
    assert bool(Shifts(shifts).clashes()) is clash


def test_shifts_of_different_streams_do_not_clash():
    later = MONDAY + dt.timedelta(days=7)
    shifts = [
        shift(MONDAY, MONDAY + dt.timedelta(days=6), "food"),
        shift(later, later - dt.timedelta(days=6), "refuse"),
    ]
    assert Shifts(shifts).clashes() == []
