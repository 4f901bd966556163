"""A request about a place that was typed: the gazetteer team is asked, and its answer reaches the case."""

import pytest
from django.contrib.gis.geos import MultiPolygon

from barnet.customers.actors import Actor
from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.models import ReportedAddress
from barnet.gazetteer.services import settle_report
from portal.cases.models import Case
from portal.cases.services import receive_case
from portal.cases.services.places import forget_typed_addresses
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = "3 New Mews, Barnet, EN5 9ZZ"


def receive(typed: str = TYPED, key: str = "k", **more) -> Case:
    service = factories.ServiceFactory()
    return receive_case(
        service, actor=Actor.visitor(), submission_key=key, title="Litter", address_text=typed, **more
    ).case


def settle(address) -> int:
    report = ReportedAddress.objects.filter(state=ReportState.NEW).first()
    return settle_report(report.pk, state=ReportState.ADDED, address=address, by="greta@barnet.example")


def test_the_answer_of_the_gazetteer_reaches_the_case_with_its_ward():
    case, address = receive(), factories.AddressFactory()
    ward = factories.AreaFactory(geometry=MultiPolygon(address.location.buffer(50)))
    assert case.ward is None
    assert ReportedAddress.objects.get().about == f"case:{case.pk}"
    assert settle(address) == 1
    case.refresh_from_db()
    assert (case.address, case.address_text, case.location, case.ward) == (address, "", address.location, ward)
    entry = case.timeline.last()
    assert TYPED in entry.internal_text
    assert address.one_line in entry.internal_text
    assert entry.public_text == ""


def test_one_decision_reaches_customers_and_cases_that_said_the_same():
    receive(key="a"), receive("3 new mews barnet en5 9zz", key="b")
    assert settle(factories.AddressFactory()) == 2
    assert not Case.objects.filter(address=None).exists()


def test_a_known_address_is_not_reported_and_a_repeated_request_only_once():
    receive(typed="", address=factories.AddressFactory(), key="a")
    assert not ReportedAddress.objects.exists()
    service = factories.ServiceFactory()
    for _click in range(2):
        receive_case(service, actor=Actor.visitor(), submission_key="b", title="Litter", address_text=TYPED)
    assert ReportedAddress.objects.count() == 1


def test_a_case_that_has_changed_since_is_left_alone():
    case = receive()
    Case.objects.filter(pk=case.pk).update(address_text="Somewhere else")
    assert settle(factories.AddressFactory()) == 0
    case.refresh_from_db()
    assert case.address is None


def test_nothing_waits_of_a_case_that_was_made_anonymous():
    kept, case = receive("5 New Mews", key="a"), receive(key="b")
    forget_typed_addresses([case.pk])
    assert ReportedAddress.objects.get().about == f"case:{kept.pk}"
