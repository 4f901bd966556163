import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnet.gazetteer.models import Closure
from barnet.gazetteer.working_days import Calendar
from barnet.gazetteer.working_hours import add_working_hours, closing_time
from barnet.kit.periodic import LONDON

CALENDAR = Calendar(frozenset({dt.date(2026, 11, 25)}))  # a Wednesday on which the council is closed


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-11-23T10:00", 2, "2026-11-23T12:00"),
        ("2026-11-23T16:00", 2, "2026-11-24T10:00"),  # over the night
        ("2026-11-23T17:00", 1, "2026-11-24T10:00"),
        ("2026-11-23T03:00", 1, "2026-11-23T10:00"),  # before the council opens
        ("2026-11-23T09:00", 8, "2026-11-23T17:00"),  # a whole day ends when it closes
        ("2026-11-24T16:00", 2, "2026-11-26T10:00"),  # closed on Wednesday
        ("2026-11-27T16:30", 1, "2026-11-30T09:30"),  # over the weekend
        ("2026-11-28T12:00", 0, "2026-11-30T09:00"),
        ("2026-12-24T16:00", 2, "2026-12-29T10:00"),  # Christmas, Boxing Day in lieu
        ("2026-10-23T16:00", 2, "2026-10-26T10:00"),  # the clock goes back on Sunday
        ("2026-11-23T12:00", -2, "2026-11-23T10:00"),
        ("2026-11-24T10:00", -2, "2026-11-23T16:00"),
        ("2026-11-26T10:00", -2, "2026-11-24T16:00"),
        ("2026-11-30T08:00", -1, "2026-11-27T16:00"),
    ],
)
def test_hours_count_while_the_council_works(begins, hours, ends):
    assert add_working_hours(at(begins), hours, CALENDAR) == at(ends)


@given(
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 12, 31)).map(lambda when: when.replace(tzinfo=LONDON)),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_hours_add_up_and_go_back(when, one, two):
    there = add_working_hours(when, one + two, CALENDAR)
    assert add_working_hours(add_working_hours(when, one, CALENDAR), two, CALENDAR) == there
    assert add_working_hours(add_working_hours(there, -two, CALENDAR), two, CALENDAR) == there


@pytest.mark.django_db
def test_a_closure_counts_from_the_moment_it_is_entered(settings):
    assert add_working_hours(at("2026-11-23T16:00"), 2) == at("2026-11-24T10:00")
    Closure.objects.create(on=dt.date(2026, 11, 24), name="Flood")
    assert add_working_hours(at("2026-11-23T16:00"), 2) == at("2026-11-25T10:00")
    settings.WORKING_HOURS = [dt.time(8), dt.time(18)]
    assert add_working_hours(at("2026-11-23T16:00"), 2) == at("2026-11-23T18:00")
    assert closing_time(dt.date(2026, 11, 23)) == at("2026-11-23T18:00")
