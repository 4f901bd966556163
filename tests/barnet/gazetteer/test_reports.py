"""Typed addresses: one report waits for what refers to it, and a decision reaches all that said the same."""

import pytest
from django.db import IntegrityError, transaction

from barnet.customers.services import change_details, create_customer
from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.models import ReportedAddress
from barnet.gazetteer.services import AlreadyDecidedError, report_address, settle_report
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db
TYPED = "3 New Mews, Barnet, EN5 9ZZ"


def test_typed_address_of_a_customer_waits_once_with_postcode_and_nearest(asha):
    near = AddressFactory(street="NEW MEWS", one_line="4 New Mews, Barnet, EN5 9ZY")
    for typed in ("3 Nw Mews", TYPED, TYPED):
        change_details(asha, name=asha.name, phone="", address=None, address_text=typed)
    report = ReportedAddress.objects.get()
    assert (report.typed, report.postcode, report.nearest) == (TYPED, "EN5 9ZZ", near)
    assert (report.about, report.state) == (f"customer:{asha.pk}", ReportState.NEW)


def test_report_goes_when_the_customer_chooses_an_address(asha):
    change_details(asha, name=asha.name, phone="", address=None, address_text=TYPED)
    change_details(asha, name=asha.name, phone="", address=AddressFactory())
    assert not ReportedAddress.objects.exists()


def test_decision_reaches_everybody_who_said_the_same(asha):
    address = AddressFactory()
    change_details(asha, name=asha.name, phone="", address=None, address_text=TYPED)
    same = create_customer(name="Neighbour", address_text="3 new mews barnet EN5 9ZZ")
    other = create_customer(name="Other", address_text="5 New Mews, Barnet")
    report = ReportedAddress.objects.get(about=f"customer:{asha.pk}")
    assert settle_report(report.pk, state=ReportState.ADDED, address=address, by="greta@barnet.example") == 2
    for customer in (asha, same):
        customer.refresh_from_db()
        assert (customer.address, customer.address_text) == (address, "")
    other.refresh_from_db()
    assert other.address is None
    states = set(ReportedAddress.objects.values_list("about", "state"))
    assert (f"customer:{other.pk}", "new") in states
    assert (f"customer:{same.pk}", "added") in states


def test_decision_does_not_touch_a_customer_who_has_moved_on(asha):
    change_details(asha, name=asha.name, phone="", address=None, address_text=TYPED)
    report = ReportedAddress.objects.get()
    type(asha).objects.filter(pk=asha.pk).update(address_text="Somewhere else")
    assert settle_report(report.pk, state=ReportState.MATCHED, address=AddressFactory(), by="x") == 0
    asha.refresh_from_db()
    assert asha.address_text == "Somewhere else"


def test_report_is_decided_once_and_refused_with_a_reason_only():
    report = report_address(TYPED, about="nobody:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        settle_report(report.pk, state=ReportState.REFUSED, by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        settle_report(report.pk, state=ReportState.MATCHED, by="x")
    assert settle_report(report.pk, state=ReportState.REFUSED, reason="A shed", by="x") == 0
    with pytest.raises(AlreadyDecidedError):
        settle_report(report.pk, state=ReportState.REFUSED, reason="Again", by="x")
    assert report_address("  ", about="nobody:2") is None
    assert report_address(TYPED, about="nobody:1").pk != report.pk
