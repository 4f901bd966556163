"""Figures about services, for an analyst: numbers, and nobody's record."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.cases.enums import CaseState
from portal.cases.figures import service_figures
from portal.cases.models import Case
from tests.factories import CaseFactory, ServiceFactory, StaffFactory

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(days=60)


@pytest.fixture
def served(asha):
    """Four requests of one service within the last days, and one of long ago."""
    now, today = timezone.now(), timezone.localdate()
    day = dt.timedelta(days=1)
    service = ServiceFactory(slug="bench", name="=Mend a bench")

    def case(**fields):
        return CaseFactory(service=service, customer=asha, **fields)

    ended = {"state": CaseState.RESOLVED, "outcome": "answered", "public_reason": "Done.", "resolved_at": now}
    case(**ended, promise_on=today)
    case(**ended, promise_on=today - 3 * day, reopened_count=1)
    case(promise_on=today - day)
    case(promise_on=today - day, state=CaseState.WAITING)
    old = case(promise_on=today)
    Case.objects.filter(pk=old.pk).update(opened_at=now - LONG_AGO)
    return service


@pytest.fixture
def analyst():
    return StaffFactory(roles=["analyst"])


def test_requests_of_a_period_are_counted_by_what_became_of_them(served):
    now = timezone.now()
    [line] = service_figures(now - dt.timedelta(days=28), now + dt.timedelta(minutes=1))
    assert (line.received, line.still_open, line.late) == (4, 2, 1)
    assert (line.resolved, line.kept, line.withdrawn, line.reopened) == (2, 1, 0, 1)


def test_analyst_reads_figures_and_nobodys_record(client, analyst, served, asha):
    client.force_login(analyst)
    page = client.get(reverse("staff_figures")).text
    assert "=Mend a bench" in page
    assert asha.name not in page
    for secret in ("staff_cases", "staff_serve", "staff_messages", "staff_deliveries", "staff_order_fees"):
        assert client.get(reverse(secret)).status_code == 403, secret
    menu = client.get(reverse("staff_home")).text
    assert all(reverse(name) in menu for name in ("staff_figures", "staff_rounds_performance"))
    assert reverse("staff_cases") not in menu


def test_file_says_the_same_and_no_cell_runs(client, analyst, served):
    client.force_login(analyst)
    file = b"".join(client.get(reverse("staff_figures"), {"format": "csv"}).streaming_content).decode()
    assert "'=Mend a bench,4,2,1,2,1,0,1" in file


def test_as_many_queries_for_many_requests_as_for_one(client, analyst, served):
    client.force_login(analyst)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("staff_figures")).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(3):
        CaseFactory(service=ServiceFactory(slug=f"more-{number}", name=f"More {number}"))
    assert cost() == few


@pytest.mark.parametrize(
    "query",
    [
        {"since_day": "99", "since_month": "1", "since_year": "2026"},
        {"since_day": "1", "since_month": "1", "since_year": "1999"},
        {"since_day": "1", "since_month": "1", "since_year": "2020"},
        {"until_day": "1", "until_month": "1", "until_year": "9999"},
        {"since_year": "\x00"},
    ],
)
def test_wrong_days_are_explained(client, analyst, query):
    client.force_login(analyst)
    answer = client.get(reverse("staff_figures"), query)
    assert answer.status_code == 400


@pytest.mark.parametrize("role", ["adviser", "caseworker", "finance", "operative"])
def test_other_roles_are_refused(client, role):
    client.force_login(StaffFactory(roles=[role]))
    assert client.get(reverse("staff_figures")).status_code == 403
