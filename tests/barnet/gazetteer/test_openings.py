"""Open now, until when, or next when."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.gazetteer.models import Closure, OpeningHours
from barnet.gazetteer.openings import openings

pytestmark = pytest.mark.django_db


def at(*moment):
    return timezone.make_aware(dt.datetime(*moment))


@pytest.fixture
def desk(db):
    """Monday to Friday 9 to 12 and 12 to 5, Saturday 10 to 12."""
    for weekday in range(5):
        OpeningHours.objects.create(place="Desk", weekday=weekday, opens_at=dt.time(9), closes_at=dt.time(12))
        OpeningHours.objects.create(place="Desk", weekday=weekday, opens_at=dt.time(12), closes_at=dt.time(17))
    OpeningHours.objects.create(place="Desk", weekday=5, opens_at=dt.time(10), closes_at=dt.time(12))


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ((2026, 11, 23, 9), "Open now until 5pm"),
        ((2026, 11, 23, 12), "Open now until 5pm"),
        ((2026, 11, 23, 8, 59), "Closed now, opens today at 9am"),
        ((2026, 11, 23, 17), "Closed now, opens tomorrow at 9am"),
        ((2026, 11, 28, 11), "Open now until midday"),
        ((2026, 11, 28, 12), "Closed now, opens Monday 30 November 2026 at 9am"),
        ((2026, 12, 31, 18), "Closed now, opens Saturday 2 January 2027 at 10am"),  # New Year's Day
        ((2026, 7, 6, 16, 30), "Open now until 5pm"),  # summer time
    ],
)
def test_sentence(desk, moment, sentence):
    assert openings(["desk"], at(*moment))["DESK"].sentence == sentence


def test_closure_of_the_council_closes_the_desk(desk):
    Closure.objects.create(on=dt.date(2026, 11, 23), name="Staff day")
    found = openings(["Desk"], at(2026, 11, 23, 10))["DESK"]
    assert not found.is_open
    assert found.sentence == "Closed now, opens tomorrow at 9am"


def test_place_that_stays_closed_says_so():
    OpeningHours.objects.create(place="Desk", weekday=0, opens_at=dt.time(9), closes_at=dt.time(12))
    for week in range(3):
        Closure.objects.create(on=dt.date(2026, 11, 23) + dt.timedelta(weeks=week), name="Works")
    assert openings(["Desk"], at(2026, 11, 23, 10))["DESK"].sentence == "Closed now"


def test_usual_hours_put_like_days_together(desk):
    assert openings(["Desk"], at(2026, 11, 23, 9))["DESK"].usual_hours == [
        "Monday to Friday: 9am to midday, midday to 5pm",
        "Saturday: 10am to midday",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_many_places_cost_two_queries(count, django_assert_num_queries):
    for number in range(count):
        OpeningHours.objects.create(place=f"Desk {number}", weekday=0, opens_at=dt.time(9), closes_at=dt.time(12))
    with django_assert_num_queries(2):
        assert len(openings([f"Desk {number}" for number in range(count)] + ["", "unknown"])) == count


def test_no_places_cost_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert openings(["", ""]) == {}
