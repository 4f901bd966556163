"""The list of a van, as a page and as a file; what was ticked ends its cases. Tuesday, 7 July 2026."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.notifications.models import Message
from portal.cases.models import Case
from portal.cases.services import ask_customer, assign_case
from portal.waste.models import Container, ContainerOrder
from tests.factories import AddressFactory, StaffFactory, TeamFactory
from tests.portal.waste.orders.conftest import ordered, put_on_rounds

pytestmark = pytest.mark.django_db
LIST, SETTLE = "/staff/rounds/deliveries/", "/staff/rounds/deliveries/settle/"


@pytest.fixture
def officer(client, ordering):
    officer = StaffFactory(roles=["collections"])
    client.force_login(officer)
    return officer


def lines(page):
    return [row.get_text(" ", strip=True) for row in BeautifulSoup(page.content, "html.parser").select("tbody tr")]


def ticks(page):
    return [box["value"] for box in BeautifulSoup(page.content, "html.parser").select("input[name=order]")]


def settle(client, ticked, **answers):
    return client.post(SETTLE, {"order": ticked, "settle": "1", "result": "done", "back": LIST, **answers})


def test_list_says_what_to_bring_what_to_take_away_and_what_the_driver_must_know(client, officer, home, served, asha):
    ordered(home, ("recycling-240", 1, "damaged"), customer=asha, note="By the gate")
    ordered(home, ("food-caddy-outdoor", 1, "give_back"))
    first, second = lines(client.get(LIST))
    assert "1 × Recycling bin, 240 litres" in first
    assert f"Blue 240 litre wheeled bin ({served[1].identifier})" in first
    assert "By the gate" in first
    assert home.one_line in second
    assert "Nothing" in second
    assert "Brown 23 litre food caddy" in second
    references = {f"case {case.reference}" for case in Case.objects.all()}
    assert set(AccessRecord.objects.filter(actor=officer).values_list("what", flat=True)) == references
    assert AccessRecord.objects.filter(customer=asha, purpose="list of deliveries").count() == 1


def test_a_crew_reads_of_orders_that_it_was_not_given_without_a_link_that_leads_nowhere(client, ordering, home, served):
    case = ordered(home, ("food-caddy-kitchen", 1, "lost"))[0].case
    operative = StaffFactory(roles=["operative"])
    crew = TeamFactory(slug="crew-9", name="Crew 9", kind="crew")
    crew.members.add(operative)
    client.force_login(operative)

    def links():
        page = BeautifulSoup(client.get(LIST).content, "html.parser")
        assert case.reference in page.text
        return [link["href"] for link in page.select("tbody a")]

    assert links() == []
    Case.objects.filter(pk=case.pk).update(team=crew)
    assert links() == [f"/staff/cases/{case.reference}/"]


def test_filters_leave_what_the_van_of_the_day_takes(client, officer, home, served):
    caddy = ordered(home, ("food-caddy-kitchen", 1, "lost"))[0].case  # promised by 14 July
    bin_ = ordered(home, ("recycling-240", 1, "damaged"))[0].case  # by 21 July
    back = ordered(home, ("food-caddy-outdoor", 1, "give_back"))[0].case

    def found(**query):
        return {case.reference for case in (caddy, bin_, back) if case.reference in client.get(LIST, query).text}

    day = {"by_day": "14", "by_month": "7", "by_year": "2026"}
    assert found() == {caddy.reference, bin_.reference, back.reference}
    assert found(**day) == {caddy.reference, back.reference}
    assert found(way="bring") == {caddy.reference, bin_.reference}
    assert found(way="fetch") == {back.reference}
    assert client.get(LIST, {"ward": "no-such"}).status_code == 400
    assert client.get(LIST, {"by_day": "99"}).status_code == 400


def test_what_waits_for_an_answer_is_over_or_was_withdrawn_is_no_stop(client, officer, home, served, asha):
    case = ordered(home, ("recycling-240", 1, "damaged"), customer=asha)[0].case
    ask_customer(case, actor=Actor.staff(officer), question="Where may we leave it?")
    assert lines(client.get(LIST)) == []
    assert "No stop fits." in client.get(LIST).text


def test_file_holds_the_same_and_no_formula_and_leaves_a_record(client, officer, home, served):
    ordered(home, ("recycling-240", 1, "damaged"), note="=2+2")
    answer = client.get(LIST, {"format": "csv", "way": "bring"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Bring"] == "1 × Recycling bin, 240 litres"
    assert row["For the driver"] == "'=2+2"
    assert row["Promise"] == "2026-07-21"
    assert AccessRecord.objects.get().purpose == "way=bring"


def test_ticked_ones_are_asked_about_then_end_with_the_right_outcome_and_people_are_told(client, officer, home, served):
    ordered(home, ("recycling-240", 1, "damaged"), email="one@example.com")
    ordered(home, ("food-caddy-outdoor", 1, "give_back"), email="two@example.com")
    ticked = ticks(client.get(LIST))
    asked = client.post(SETTLE, {"order": ticked, "back": LIST})
    assert "What became of them?" in asked.text
    assert "Choose what became of them." not in asked.text
    assert not Case.objects.filter(state="resolved").exists()
    done = settle(client, ticked)
    assert "2 requests are settled." in done.text
    assert set(Case.objects.values_list("outcome", flat=True)) == {"delivered", "taken_back"}
    told = Message.objects.filter(template_key="case-resolved")
    assert {message.address for message in told} == {"one@example.com", "two@example.com"}
    assert not Container.objects.filter(address=home, stream="food", removed_on=None).exists()
    again = settle(client, ticked)
    assert "2 requests are settled." in again.text
    assert Message.objects.filter(template_key="case-resolved").count() == told.count() == 2
    assert lines(client.get(LIST)) == []


def test_those_that_could_not_be_done_end_so_in_the_words_of_staff(client, officer, home, served):
    ordered(home, ("recycling-240", 1, "damaged"))
    before = Container.objects.filter(address=home, removed_on=None).count()
    settle(client, ticks(client.get(LIST)), result="not", words="The street was closed.")
    case = Case.objects.get()
    assert (case.outcome, case.public_reason) == ("no_access", "The street was closed.")
    assert Container.objects.filter(address=home, removed_on=None).count() == before


def test_one_that_somebody_changed_meanwhile_is_named_and_the_others_go_through(client, officer, home, served):
    case = ordered(home, ("recycling-240", 1, "damaged"))[0].case
    ordered(home, ("food-caddy-kitchen", 1, "lost"))
    ticked = ticks(client.get(LIST))
    assign_case(case, actor=Actor.staff(StaffFactory()), team=TeamFactory())
    page = settle(client, ticked)
    assert "1 request is settled." in page.text
    assert "Not settled" in page.text
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("order", [[], ["x"], ["1"], ["1:x"], ["9" * 30 + ":1"], ["999999:0"], ["\x00:1"]])
def test_forged_and_missing_ticks_change_nothing(client, officer, home, served, order):
    ordered(home, ("recycling-240", 1, "damaged"))
    assert settle(client, order).status_code == 400
    assert not Case.objects.filter(state="resolved").exists()


def test_nothing_chosen_as_result_is_said_and_words_are_kept(client, officer, home, served):
    ordered(home, ("recycling-240", 1, "damaged"))
    page = settle(client, ticks(client.get(LIST)), result="", words="Kept words", back="https://evil.example/")
    assert "Choose what became of them." in page.text
    assert "Kept words" in page.text
    assert "evil.example" not in page.text
    assert not Case.objects.filter(state="resolved").exists()


@pytest.mark.parametrize(("role", "may_list", "may_settle"), [("operative", 200, 400), ("adviser", 403, 403)])
def test_who_drives_may_and_others_may_not(client, ordering, role, may_list, may_settle):
    client.force_login(StaffFactory(roles=[role]))
    assert client.get(LIST).status_code == may_list
    assert client.post(SETTLE, {"order": []}).status_code == may_settle
    rounds = client.get(reverse("staff_rounds")).text
    assert ("Bins to deliver and to take away" in rounds) == (may_list == 200)


def test_one_stop_and_three_cost_the_same_queries(client, officer, home, served):
    def count(address, **query):
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(address, query))
        return len(queries)

    ordered(home, ("recycling-240", 1, "damaged"))
    client.get(LIST)
    few = count(LIST), count(LIST, format="csv")
    for _number in range(2):
        other = AddressFactory()
        put_on_rounds(other, "recycling")
        ordered(other, ("recycling-240", 1, "damaged"))
    assert ContainerOrder.objects.count() == 3
    assert (count(LIST), count(LIST, format="csv")) == few
