"""The report of a missed bin through its pages, by everybody who may send one. 6 July 2026 is a Monday."""

import datetime as dt
import threading

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barnet.customers.enums import Channel, Right
from barnet.notifications.models import Message
from portal.cases.models import Case, Contact, Follower
from portal.waste import selectors
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import MissedBin
from tests.factories import AddressFactory, CustomerFactory, DelegationFactory, ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.waste.factories import CrewLogEntryFactory, equip
from tests.portal.waste.missed.pages import ANSWERS, check, done, send, typed, url

pytestmark = pytest.mark.django_db


# --- The way through --------------------------------------------------------------------------------------------------


def test_visitor_reports_and_is_told(client, home, black_bin):
    choose = client.get(url("choose", home))
    assert "We should have emptied it on Monday 6 July 2026" in choose.text
    page = check(client, home, black_bin)
    for said in ("Pat Example", "pat@example.com", "020 7946 0123", "By the gate", "Refuse: Black 240 litre"):
        assert said in page.text
    assert not Case.objects.exists()
    confirmation = done(client.post(url("check", home), typed(page)), client)
    case = Case.objects.get()
    assert case.reference in confirmation.text
    assert "9 July 2026" in confirmation.text
    assert (case.contact_name, case.contact_email, case.contact_phone) == tuple(ANSWERS.values())[:3]
    assert (case.customer, case.channel) == (None, Channel.WEB)
    assert MissedBin.objects.get().container == black_bin
    assert Message.objects.get(address="pat@example.com").about == case.reference
    assert Contact.objects.get().case == case


def test_visitor_without_email_is_told_what_that_means(client, home, black_bin):
    question = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "Without it, you have to contact us to find out." in question.text
    confirmation = done(send(client, home, black_bin, name="", email="", phone="", note=""), client)
    assert "Write the reference down" in confirmation.text
    assert not Message.objects.exists()


def test_two_bins_are_two_cases_with_two_references(client, home, black_bin):
    food = equip(home, stream="food")
    confirmation = done(send(client, home, black_bin, food), client)
    assert Case.objects.count() == 2
    assert all(case.reference in confirmation.text for case in Case.objects.all())


def test_resident_finds_their_details_filled_in_and_the_case_is_theirs(client, home, black_bin, asha):
    client.force_login(asha.user)
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    held = typed(page)
    assert (held["name"], held["email"]) == (["Asha Owner"], ["asha@example.com"])
    client.post(url("check", home), typed(client.get(client.post(url("tell", home), held).url)))
    case = Case.objects.get()
    assert case.customer == asha
    entry = case.timeline.get()
    assert (entry.actor, entry.subject, entry.right) == (asha.user, asha, Right.SELF)


def test_delegate_reports_for_the_one_who_gave_authority(client, home, black_bin, asha, ben):
    client.force_login(ben.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "You report this for Asha Owner." in page.text
    done(send(client, home, black_bin), client)
    entry = Case.objects.get().timeline.get()
    assert (entry.actor, entry.subject, entry.right) == (ben.user, asha, Right.DELEGATE)


def test_authority_for_another_service_does_not_reach_a_missed_bin(client, home, black_bin, asha, cara):
    other = ServiceFactory(slug="council-tax", name="Council tax")
    DelegationFactory(principal=asha, delegate=cara, service=other)
    client.force_login(cara.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    assert client.get(url("tell", home), {"bin": black_bin.pk}).status_code == 403
    assert client.post(url("check", home), {}).status_code == 403


def test_staff_report_for_a_caller(client, home, black_bin):
    adviser = StaffFactory(roles=["adviser"])
    caller = CustomerFactory(user=None, name="Mr Caller", email="caller@example.com", phone="020 7946 0199")
    client.force_login(adviser)
    session = client.session
    session["serving"] = {"customer": caller.pk, "channel": "phone"}
    session.save()
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "These are the details of Mr Caller" in page.text
    assert typed(page)["email"] == ["caller@example.com"]
    confirmation = done(
        client.post(url("check", home), typed(client.get(client.post(url("tell", home), typed(page)).url))), client
    )
    assert "Read the reference to the customer." in confirmation.text
    case = Case.objects.get()
    assert (case.customer, case.channel) == (caller, Channel.PHONE)
    entry = case.timeline.get()
    assert (entry.actor, entry.right, entry.channel) == (adviser, Right.STAFF, Channel.PHONE)


def test_second_reporter_joins_and_learns_nothing_of_the_first(client, home, black_bin):
    send(client, home, black_bin)
    second = PortalClient()
    choose = second.get(url("choose", home))
    assert "Somebody reported this bin" in choose.text
    assert "Pat" not in choose.text
    confirmation = done(send(second, home, black_bin, name="Sam", email="sam@example.com"), second)
    assert "This bin had already been reported." in confirmation.text
    assert "Pat" not in confirmation.text
    assert Case.objects.count() == 1
    assert Follower.objects.get().email == "sam@example.com"


# --- What the rules say -----------------------------------------------------------------------------------------------


def test_bin_that_the_crew_could_not_empty_is_explained_and_cannot_be_chosen(client, home, black_bin):
    CrewLogEntryFactory(
        round=selectors.rounds_of(home)[0], address=home, on=dt.date(2026, 7, 6), outcome="contaminated"
    )
    page = client.get(url("choose", home))
    assert "held things that do not belong in it" in page.text
    assert "The next collection is on Monday 13 July 2026." in page.text
    assert 'name="bin"' not in page.text
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "That bin cannot be chosen here." in page.text


def test_rules_that_change_before_sending_are_explained_and_the_answers_kept(client, home, black_bin):
    food = equip(home, stream="food")
    page = check(client, home, black_bin, food)
    tour = next(tour for tour in selectors.rounds_of(home) if tour.stream == "food")
    CrewLogEntryFactory(round=tour, address=home, on=dt.date(2026, 7, 6), outcome="not_out")
    refused = client.post(url("check", home), typed(page))
    assert refused.status_code == 200
    assert "We have not sent your report" in refused.text
    assert "The crew recorded that the bin was not out" in refused.text
    assert not Case.objects.exists()
    form = BeautifulSoup(refused.content, "html.parser").select_one("main form")
    report = form.select_one("[name=report]")["value"]
    assert [box["value"] for box in form.select("[name=bin][checked]")] == [str(black_bin.pk)]
    again = client.get(url("tell", home), {"bin": black_bin.pk, "report": report})
    assert typed(again)["note"] == ["By the gate"]


def test_home_without_bins_says_so(client, home):
    page = client.get(url("choose", home))
    assert page.status_code == 200
    assert "We have no bins of our own at this address" in page.text


# --- The confirmation page --------------------------------------------------------------------------------------------


def test_confirmation_is_for_the_browser_that_sent_it(client, home, black_bin, asha, dev):
    response = send(client, home, black_bin)
    assert client.get(response.url).status_code == 200
    assert PortalClient().get(response.url).status_code == 404
    for user in (asha.user, dev):
        other = PortalClient()
        other.force_login(user)
        assert other.get(response.url).status_code == 404
    other = PortalClient()
    send(other, home, black_bin)
    assert other.get(response.url).status_code == 404


FORGED = signing.dumps(["", 1, [[1, "created"]], True], salt="other")


@pytest.mark.parametrize("proof", ["x", "a:b:c", FORGED], ids=["short", "shaped", "signed for something else"])
def test_forged_confirmation_is_not_found(client, home, black_bin, proof):
    send(client, home, black_bin)
    assert client.get(reverse("missed_bin_reported", args=[proof])).status_code == 404


def test_confirmation_and_questions_are_not_kept_by_the_browser(client, home, black_bin):
    response = send(client, home, black_bin)
    assert "no-store" in client.get(response.url)["Cache-Control"]
    assert "no-store" in client.get(url("tell", home), {"bin": black_bin.pk})["Cache-Control"]


# --- Cost, and fifty at once ------------------------------------------------------------------------------------------


def test_one_bin_and_many_cost_the_same_queries(client, home, black_bin):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("choose", home)).status_code == 200
        return len(queries)

    count()
    with_one = count()
    for stream in ("food", "recycling", "garden"):
        equip(home, stream=stream)
    assert count() == with_one <= 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_fifty_browsers_sending_at_once_make_one_case_and_fifty_clear_answers(transactional_db, at):
    ServiceFactory()
    ensure_reporting_rules()
    at(2026, 7, 7, 9)
    black_bin = equip(AddressFactory())
    home = black_bin.address
    people = [PortalClient() for _ in range(50)]
    forms = [typed(check(person, home, black_bin, email=f"p{n}@example.com")) for n, person in enumerate(people)]
    ready, answers = threading.Barrier(50), []

    def go(person, form):
        try:
            ready.wait(60)
            answers.append(done(person.post(url("check", home), form), person).text)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in zip(people, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case.objects.get()
    assert len(answers) == 50
    assert all(case.reference in answer for answer in answers)
    assert sum("This bin had already been reported." in answer for answer in answers) == 49
    assert Message.objects.filter(about=case.reference, channel="email").count() == 50
