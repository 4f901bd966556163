"""How rounds did, by week."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.waste.models import MissedBin, Round
from portal.waste.performance import round_weeks
from tests.factories import AddressFactory, CaseFactory, StaffFactory
from tests.portal.waste.factories import CollectionFactory, ContainerFactory, CrewLogEntryFactory, RoundFactory

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 7, 6)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def tour(rules):
    return RoundFactory(code="refuse-1", name="Refuse 1")


def home_on(tour):
    home = AddressFactory()
    CollectionFactory(address=home, round=tour)
    return home


def missed(tour, home, on, outcome="", resolved_on=None, promise_on=None):
    case = CaseFactory(
        address=home,
        state="resolved" if outcome else "received",
        outcome=outcome,
        public_reason="x" if outcome else "",
        resolved_at=f"{resolved_on}T10:00Z" if resolved_on else None,
        promise_on=promise_on or on + dt.timedelta(days=2),
    )
    container = ContainerFactory(address=home)
    return MissedBin.objects.create(case=case, container=container, round=tour, due_on=on)


def test_week_of_a_round_is_counted(tour):
    first, second = home_on(tour), home_on(tour)
    CrewLogEntryFactory(round=tour, address=first, on=MONDAY, outcome="not_out")
    CrewLogEntryFactory(round=tour, address=second, on=MONDAY, outcome="collected")
    missed(tour, first, MONDAY - 2 * WEEK, "collected", MONDAY - WEEK)
    missed(tour, first, MONDAY, "collected", MONDAY + dt.timedelta(days=2))
    missed(tour, second, MONDAY, "not_missed", MONDAY)
    missed(tour, second, MONDAY, "collected", MONDAY + dt.timedelta(days=3))
    (line,) = round_weeks(Round.objects.all(), MONDAY, 1)
    assert (line.due, line.exceptions, line.missed, line.justified, line.kept, line.repeated) == (2, 1, 3, 2, 1, 1)
    (before,) = round_weeks(Round.objects.all(), MONDAY - WEEK, 1)
    assert (before.due, before.missed) == (2, 0)


def test_queries_do_not_grow_with_rounds_and_weeks(tour):
    def cost(weeks):
        with CaptureQueriesContext(connection) as queries:
            round_weeks(Round.objects.all(), MONDAY, weeks)
        return len(queries)

    home_on(tour)
    one = cost(1)
    for _number in range(2):
        other = RoundFactory()
        missed(other, home_on(other), MONDAY)
    assert cost(12) == one


def test_page_filters_and_the_file_says_the_same(client, tour, at):
    at(2026, 7, 8, 9)
    home = home_on(tour)
    food = RoundFactory(code="food-1", name="=Food 1", stream="food")
    home_on(food)
    missed(tour, home, MONDAY)
    client.force_login(StaffFactory(roles=["collections"]))
    address = reverse("staff_rounds_performance")
    assert "Refuse 1" in client.get(address, {"weeks": "1"}).text
    assert "Refuse 1" not in client.get(address, {"weeks": "1", "stream": "food"}).text
    file = b"".join(client.get(address, {"weeks": "1", "format": "csv"}).streaming_content).decode()
    assert "refuse-1,Refuse 1,2026-07-06,1,0,1,1,0,0" in file
    assert "food-1,'=Food 1" in file


@pytest.mark.parametrize("query", [{"weeks": "99"}, {"stream": "glass"}, {"crew": "x"}, {"until_day": "99"}])
def test_bad_filters_are_explained(client, tour, query):
    client.force_login(StaffFactory(roles=["collections"]))
    response = client.get(reverse("staff_rounds_performance"), query)
    assert response.status_code == 400
    assert "There is a problem" in response.text
