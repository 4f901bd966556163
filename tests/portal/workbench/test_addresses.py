"""What staff see of an address, and what the gazetteer team decides."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.services import change_details
from barnet.gazetteer.models import AddressChange, AddressName, ReportedAddress
from barnet.gazetteer.services import report_address
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def greta(signed_in):
    return signed_in("gazetteer")


@pytest.fixture
def report(asha) -> ReportedAddress:
    change_details(asha, name=asha.name, phone="", address=None, address_text="3 New Mews, Barnet")
    return ReportedAddress.objects.get()


def test_adviser_finds_planned_and_ended_addresses(signed_in):
    AddressFactory(one_line="Plot 4, High Street, Barnet", is_provisional=True)
    AddressFactory(one_line="9 High Street, Barnet", retired_on=dt.date(2026, 1, 1))
    page = signed_in("adviser").get("/staff/addresses/", {"q": "high street"}).content.decode()
    assert "Plot 4" in page
    assert "Provisional" in page
    assert "Ended" in page
    assert "wait for a decision" not in page


def test_page_of_an_address_tells_its_history_and_names(signed_in):
    address = AddressFactory()
    AddressChange.objects.create(
        address=address,
        kind="renamed",
        before="1 Smithy Lane",
        after=address.one_line,
        changed_on=dt.date(2026, 2, 3),
        recorded_at=timezone.now(),
        source="changes.csv",
    )
    AddressName.objects.create(address=address, kind="former", key="k", one_line="1 Smithy Lane", search_text="X")
    page = signed_in("adviser").get(f"/staff/addresses/{address.pk}/").content.decode()
    for said in ("3 February 2026: Address changed", "before: 1 Smithy Lane", "changes.csv", "Former name", "In use"):
        assert said in page


@pytest.mark.parametrize("uprn", ["1", "999999999999", "9" * 25])
def test_unknown_address_is_not_found(signed_in, uprn):
    assert signed_in("adviser").get(f"/staff/addresses/{uprn}/").status_code == 404


def test_list_of_typed_addresses_costs_the_same_for_one_and_three(greta, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        for each in range(number):
            report_address(f"{each} New Mews", about=f"nobody:{number}{each}")
        with django_assert_max_num_queries(30) as asked:
            assert "New Mews" in greta.get("/staff/addresses/reported/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_match_gives_the_customer_the_address(greta, report, asha):
    address = AddressFactory()
    page = greta.post(
        f"/staff/addresses/reported/{report.pk}/", {"decision": "matched", "uprn": address.pk}, follow=True
    )
    assert "1 record has the address now." in page.content.decode()
    asha.refresh_from_db()
    assert asha.address == address
    report.refresh_from_db()
    assert report.decided_by == greta.user.email


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "Choose what it is"),
        ({"decision": "matched"}, "Enter the UPRN of an address that is in use"),
        ({"decision": "matched", "uprn": "999"}, "Enter the UPRN of an address that is in use"),
        ({"decision": "refused"}, "Say why it is no address of ours"),
        ({"decision": "deleted"}, ""),
    ],
)
def test_decision_that_lacks_something_says_what_and_changes_nothing(greta, report, said, problem):
    answer = greta.post(f"/staff/addresses/reported/{report.pk}/", said)
    assert answer.status_code == 200
    assert problem in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert ReportedAddress.objects.get().state == "new"


def test_second_decision_changes_nothing_and_says_so(greta, report):
    url = f"/staff/addresses/reported/{report.pk}/"
    greta.post(url, {"decision": "refused", "reason": "A shed"})
    page = greta.post(url, {"decision": "refused", "reason": "A garage"}, follow=True).content.decode()
    assert "Somebody has decided about this address already." in page
    assert "A shed" in page


def test_caseworker_reads_addresses_and_may_not_decide(signed_in, report):
    browser = signed_in("caseworker")
    assert browser.get("/staff/addresses/").status_code == 200
    assert browser.get("/staff/addresses/reported/").status_code == 403
    assert browser.post(f"/staff/addresses/reported/{report.pk}/", {"decision": "refused"}).status_code == 403
