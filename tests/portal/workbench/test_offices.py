"""Back offices as staff see them, and what they decide about deliveries that were given up."""

import pytest

from barnet.customers.actors import Actor
from portal.cases.delivery.deciding import try_again
from portal.cases.delivery.enums import DeliveryState
from portal.cases.models import BackOffice, Delivery, OfficeCase
from tests import factories
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db
PAGE, DECIDE = "/staff/back-offices/", "/staff/back-offices/decide/"


@pytest.fixture
def firm(db) -> BackOffice:
    return BackOffice.objects.create(slug="lamps", name="Bright Lamps", kind="webhook", url="https://lamps.example")


@pytest.fixture
def lead(signed_in):
    return signed_in("team_lead")


@pytest.fixture
def refuse(firm):
    """A request of which the firm did not take the first word."""

    def make(number: int = 1, **said) -> Delivery:
        case = factories.CaseFactory(title=f"Lamp {number}")
        entry = case.timeline.create(kind="received", public_text="We have it.", right="self", channel="web")
        found, _made = Delivery.objects.get_or_create(office=firm, case=case, entry=entry)
        said = {"state": DeliveryState.GIVEN_UP, "attempt_count": 6, "last_error": "The office answered 422.", **said}
        Delivery.objects.filter(pk=found.pk).update(**said)
        found.refresh_from_db()
        return found

    return make


def test_the_page_says_how_each_office_stands_and_why_something_was_given_up(lead, refuse, firm):
    delivery = refuse()
    page = lead.get(PAGE).text
    assert "Something was given up" in page
    assert "The office answered 422." in page
    assert delivery.case.reference in page
    other = BackOffice.objects.create(slug="roads", name="Roads", kind="webhook")
    assert delivery.case.reference not in lead.get(PAGE, {"office": other.slug}).text
    assert "Not taken by a back office" in lead.get("/staff/").text


def test_an_office_that_does_not_answer_says_since_when(lead, refuse):
    refuse(state=DeliveryState.WAITING, attempt_count=2)
    page = lead.get(PAGE).text
    assert "Does not answer" in page
    assert "since " in page


def test_sent_again_twice_is_sent_once_and_noted_once(lead, refuse):
    delivery = refuse()
    sent = {"delivery": str(delivery.key), "what": "again"}
    assert "1 delivery is sent again." in lead.post(DECIDE, sent, follow=True).text
    assert "0 deliveries are sent again." in lead.post(DECIDE, sent, follow=True).text
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count) == (DeliveryState.WAITING, 0)
    notes = delivery.case.timeline.filter(kind="note").values_list("internal_text", flat=True)
    assert list(notes) == ["To Bright Lamps: sent again."]


def test_left_out_needs_words_and_keeps_the_ticks(lead, refuse):
    delivery = refuse()
    refused = lead.post(DECIDE, {"delivery": str(delivery.key), "what": "by_hand"})
    assert refused.status_code == 400
    assert "Write how it was dealt with." in refused.text
    assert f'value="{delivery.key}" checked' in refused.text
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP
    lead.post(DECIDE, {"delivery": str(delivery.key), "what": "by_hand", "why": "Told by telephone."})
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.LEFT_OUT
    assert "Told by telephone." in delivery.case.timeline.get(kind="note").internal_text


@pytest.mark.parametrize("ticked", [[], ["no-key"], ["%00"]])
def test_nothing_ticked_says_so(lead, refuse, ticked):
    delivery = refuse()
    refused = lead.post(DECIDE, {"delivery": ticked, "what": "again"})
    assert refused.status_code == 400
    assert "Tick what you decide about." in refused.text
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP


@pytest.mark.parametrize("role", ["caseworker", "adviser", "operative", "administrator"])
def test_others_do_not_decide(signed_in, refuse, role):
    delivery = refuse()
    person = signed_in(role)
    assert person.get(PAGE).status_code == 403
    assert person.post(DECIDE, {"delivery": str(delivery.key), "what": "again"}).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP


def test_the_page_of_the_request_says_where_it_went(signed_in, refuse, firm):
    delivery = refuse()
    OfficeCase.objects.create(office=firm, case=delivery.case, reference="L-17")
    page = signed_in("caseworker").get(f"/staff/cases/{delivery.case.reference}/").text
    assert "their number L-17" in page
    assert "tried 6 times" in page
    assert "The office answered 422." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries(lead, refuse, count, django_assert_num_queries):
    for number in range(count):
        refuse(number)
    lead.get(PAGE)
    with django_assert_num_queries(PAGE_QUERIES):
        lead.get(PAGE)


PAGE_QUERIES = 11


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_do_it_once(refuse):
    delivery, actor = refuse(), Actor.staff(factories.StaffFactory(roles=["team_lead"]))
    assert sorted(at_once(8, lambda _number: try_again([delivery.key], actor=actor))) == [0] * 7 + [1]
    assert delivery.case.timeline.filter(kind="note").count() == 1
