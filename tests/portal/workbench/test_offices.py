"""Back offices for staff: how they stand, what was given up, and the files of a night."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cases.delivery.enums import DeliveryState
from portal.cases.models import Delivery
from tests import factories
from tests.portal.cases.delivery.conftest import make_office, receive  # noqa: F401 - fixtures

PAGES = "/staff/back-offices/"


@pytest.fixture
def may(dev, client):
    """Dev has these permissions and is signed in."""

    def may(*names):
        for name in ("enter_back_office", *names):
            dev.user_permissions.add(Permission.objects.get(codename=name))
        client.force_login(type(dev).objects.get(pk=dev.pk))
        return client

    return may


@pytest.fixture
def given_up(make_office, receive):  # noqa: F811
    make_office(url="https://lamps.example/")
    receive(1)
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, attempt_count=6, last_error="503: Closed")
    return Delivery.objects.get()


def test_the_list_says_how_each_office_stands_in_a_fixed_number_of_queries(may, make_office, receive):  # noqa: F811
    client = may("view_delivery")
    make_office(url="https://lamps.example/", is_active=True)
    receive(1)
    Delivery.objects.update(last_error="503: Closed")
    client.get(PAGES)
    counts = []
    for more in ("trees", "roads"):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(PAGES).content.decode()
        counts.append(len(queries))
        make_office(more, service=factories.ServiceFactory())
    assert counts[0] == counts[1]
    assert "Failing" in page
    assert "Street light" in page


def test_sending_again_is_shown_first_and_pressed_twice_it_is_done_once(may, given_up):
    client = may("view_delivery", "replay_delivery")
    page = client.get(f"{PAGES}given-up/?office=lamps").content.decode()
    assert "503: Closed" in page
    said = {"act": "again", "deliveries": [given_up.pk]}
    shown = client.post(f"{PAGES}given-up/settle/", said).content.decode()
    assert given_up.case.reference in shown
    given_up.refresh_from_db()
    assert given_up.state == DeliveryState.GIVEN_UP
    first = client.post(f"{PAGES}given-up/settle/", {**said, "step": "do"}, follow=True)
    assert "1 delivery is made again." in first.content.decode()
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempt_count) == (DeliveryState.WAITING, 0)
    Delivery.objects.update(state=DeliveryState.SENT)
    second = client.post(f"{PAGES}given-up/settle/", {**said, "step": "do"}, follow=True)
    assert "Nothing to do" in second.content.decode()
    given_up.refresh_from_db()
    assert given_up.state == DeliveryState.SENT


def test_what_was_dealt_with_by_hand_needs_a_note(may, dev, given_up):
    client = may("view_delivery", "replay_delivery")
    said = {"act": "by-hand", "deliveries": [given_up.pk], "step": "do"}
    refused = client.post(f"{PAGES}given-up/settle/", {**said, "note": " "})
    assert refused.status_code == 400
    assert "Write what was done instead." in refused.content.decode()
    given_up.refresh_from_db()
    assert given_up.state == DeliveryState.GIVEN_UP
    client.post(f"{PAGES}given-up/settle/", {**said, "note": "Told by telephone."})
    given_up.refresh_from_db()
    assert (given_up.state, given_up.settled_by, given_up.settled_note) == (
        DeliveryState.LEFT_OUT,
        dev,
        "Told by telephone.",
    )


@pytest.mark.parametrize(
    "said", [{}, {"act": "again"}, {"act": "x", "deliveries": ["1"]}, {"act": "again", "deliveries": ["²"]}]
)
def test_a_choice_that_makes_no_sense_changes_nothing(may, given_up, said):
    client = may("view_delivery", "replay_delivery")
    assert client.post(f"{PAGES}given-up/settle/", {**said, "step": "do"}).status_code == 302
    given_up.refresh_from_db()
    assert given_up.state == DeliveryState.GIVEN_UP


def test_the_page_of_a_request_says_who_was_told_and_home_counts_what_was_given_up(may, given_up):
    client = may("view_delivery", "replay_delivery", "view_case")
    page = client.get(f"/staff/cases/{given_up.case.reference}/").content.decode()
    assert "Told to back offices" in page
    assert "503: Closed" in page
    assert "Not told to a back office" in client.get("/staff/").content.decode()
