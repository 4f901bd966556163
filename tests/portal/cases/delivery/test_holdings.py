"""People are told which back offices heard of their requests: of theirs, and of nobody else's."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnet.customers.consent import agreeing
from barnet.customers.keeping.holdings import holdings
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.nightly import KIND, make_file
from portal.cases.models import Case, Delivery
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
HELD = "/account/what-we-hold/"


@pytest.fixture
def told(make_office, receive, asha, cara):
    """A firm heard of one of Asha's by a call, and a team of another by a file; Cara's firm is another."""
    make_office(url="https://lamps.example/", name="Bright Lamps Ltd")
    trees = make_office("trees", kind=KIND, name="Trees team", service=factories.ServiceFactory(slug="tree"))
    make_office("roads", name="Roads of Cara", service=factories.ServiceFactory(slug="road"))
    lamp = receive(1, customer=asha)
    tree = receive(2, customer=asha, service=trees.services.get())
    receive(3, customer=asha)  # nobody has heard of it
    receive(4, customer=cara, service=factories.ServiceFactory(slug="road"))
    Delivery.objects.filter(case=lamp).update(state=DeliveryState.SENT, sent_at=lamp.opened_at)
    Delivery.objects.filter(case__customer=cara).update(state=DeliveryState.SENT, sent_at=lamp.opened_at)
    make_file(trees)
    return lamp, tree


def passed_on():
    return next(holding for holding in holdings() if holding.key == "passed-on")


def test_the_page_and_the_file_name_who_was_told(told, client, asha):
    lamp, tree = told
    agreeing.ensure_purposes()
    client.force_login(asha.user)
    page = client.get(HELD).content.decode()
    assert "Bright Lamps Ltd" in page
    assert "Trees team" in page
    assert "Roads of Cara" not in page
    held = json.loads(client.get(f"{HELD}file/").content)["held"]["passed-on"]["data"]
    assert [(row["reference"], row["passed_on_to"], row["times"], row["of_these_in_a_file"]) for row in held] == [
        (lamp.reference, "Bright Lamps Ltd", 1, 0),
        (tree.reference, "Trees team", 1, 1),
    ]


def test_it_counts_requests_in_a_fixed_number_of_statements(told, asha):
    assert list(passed_on().rows(asha)) == [("Bright Lamps Ltd", "1 request"), ("Trees team", "1 request")]
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=told[0].opened_at)
    with CaptureQueriesContext(connection) as queries:
        assert list(passed_on().rows(asha)) == [("Bright Lamps Ltd", "2 requests"), ("Trees team", "1 request")]
    assert len(queries) == 1


def test_who_was_passed_on_to_nobody_is_told_nothing(asha):
    assert list(passed_on().rows(asha)) == []
    assert passed_on().everything(asha) == []


def test_it_goes_with_the_request(told, asha):
    Case.objects.update(customer=None)
    assert passed_on().everything(asha) == []
