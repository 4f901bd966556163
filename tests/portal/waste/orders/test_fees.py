"""Fees of containers, for whoever looks after money: amounts and receipts, and nobody's name or home."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.models import Case
from portal.waste.models import ContainerOrder
from tests.factories import AddressFactory, StaffFactory
from tests.portal.waste.orders.conftest import ordered, put_on_rounds

pytestmark = pytest.mark.django_db
ADDRESS = "staff_order_fees"


@pytest.fixture
def finance():
    return StaffFactory(roles=["finance"])


def pay(home, dev, receipt="=Till 7/0042"):
    ordered(home, ("refuse-240", 1, "damaged"), actor=Actor.staff(dev), is_by_staff=True, receipt=receipt)
    Case.objects.update(opened_at=timezone.now())  # the database has a clock of its own


@pytest.fixture
def paid(home, served, dev):
    pay(home, dev)
    return Case.objects.get()


def test_finance_sees_fees_and_payments_and_nobodys_home(client, finance, paid, home):
    client.force_login(finance)
    page = client.get(reverse(ADDRESS)).text
    for shown in (paid.reference, "£74.00", "=Till 7/0042", "£35.00"):
        assert shown in page
    assert home.one_line not in page
    assert home.street not in page
    for closed in ("staff_cases", "staff_deliveries", "staff_serve", "staff_figures", "staff_rounds"):
        assert client.get(reverse(closed)).status_code == 403, closed
    assert reverse(ADDRESS) in client.get(reverse("staff_home")).text


def test_what_was_free_is_not_among_the_payments(client, finance, home, served):
    ordered(home, ("recycling-240", 1, "damaged"))
    assert ContainerOrder.objects.get().fee == 0
    client.force_login(finance)
    assert "Nothing was paid in these days." in client.get(reverse(ADDRESS)).text


def test_file_adds_up_and_no_cell_runs(client, finance, paid):
    client.force_login(finance)
    file = b"".join(client.get(reverse(ADDRESS), {"format": "csv"}).streaming_content).decode()
    assert f'{paid.reference},2026-07-07,"Refuse bin, 240 litres",1,74.00,\'=Till 7/0042,Received' in file


def test_period_is_kept(client, finance, paid):
    client.force_login(finance)
    june = {"since_day": "1", "since_month": "6", "since_year": "2026"}
    until = {"until_day": "30", "until_month": "6", "until_year": "2026"}
    assert paid.reference not in client.get(reverse(ADDRESS), {**june, **until}).text
    assert paid.reference in client.get(reverse(ADDRESS), june).text
    assert client.get(reverse(ADDRESS), {**june, "until_day": "99"}).status_code == 400


def test_as_many_queries_for_many_payments_as_for_one(client, finance, paid, dev):
    client.force_login(finance)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(ADDRESS)).status_code == 200
        return len(queries)

    cost()
    one = cost()
    for number in range(3):
        other = AddressFactory(uprn=900000000100 + number)
        put_on_rounds(other, "refuse")
        pay(other, dev)
    assert cost() == one


@pytest.mark.parametrize("role", ["caseworker", "analyst", "editor"])
def test_other_roles_are_refused(client, role):
    client.force_login(StaffFactory(roles=[role]))
    assert client.get(reverse(ADDRESS)).status_code == 403
