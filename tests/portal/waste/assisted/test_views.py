"""The journey through its pages, and who is shown what. 7 July 2026 is a Tuesday."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.keeping import holdings
from barnet.customers.models import AccessRecord
from portal.cases.models import Case, Contact
from portal.waste import selectors
from portal.waste.assisted.services import apply_for_assistance, end_assistance
from portal.waste.models import AssistedCollection, AssistedRequest, MissedBin
from portal.waste.services import Report, report_missed_bins
from tests.factories import AddressFactory, CustomerFactory, StaffFactory
from tests.portal.waste.assisted.conftest import application, granted
from tests.portal.waste.factories import CollectionFactory, CrewLogEntryFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 7)


@pytest.fixture(autouse=True)
def _tuesday(asking):
    pass


def typed(response):
    form = BeautifulSoup(response.content, "html.parser").select_one("main form[method=post]")
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def send(client, home, step, **answers):
    url = reverse("assisted_step", args=[home.pk, step])
    return client.post(url, {**typed(client.get(url)), **answers})


def walk(client, home):
    send(client, home, "need", need="cannot_move", somebody_can="no", agree="on")
    send(client, home, "place", stands="rear", place="Green gate", gate_code="4711", how_long="always")
    send(client, home, "contact", name="Pat", email="pat@example.com")
    url = reverse("assisted_check", args=[home.pk])
    return url, typed(client.get(url))


def test_visitor_asks_and_the_same_form_twice_is_one_request(client, home):
    url, form = walk(client, home)
    response = client.post(url, form, follow=True)
    case = Case.objects.get()
    assert case.reference in response.text
    assert AssistedRequest.objects.get().gate_code == "4711"
    client.post(url, form)
    assert Case.objects.count() == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(client, home):
    response = send(client, home, "need", need="other", need_words="", somebody_can="no")
    assert "Say in a few words" in response.text
    assert "agree to it" in response.text
    response = send(client, home, "place", stands="rear", place="Green shed", how_long="until", until_day="x")
    assert "Green shed" in response.text
    assert "The last day must include" in response.text
    assert not Case.objects.exists()


def test_somebody_at_home_can_keeps_nothing(client, home):
    response = send(client, home, "need", need="cannot_move", somebody_can="yes", agree="on")
    assert "Somebody at home can" in response.text
    assert "assisted" not in client.session


def test_only_those_who_may_are_told_that_the_crew_fetches_bins(client, home, black_bin, asha, ben, cara):
    cara.address = home
    cara.save()
    held = granted(home, asha, TODAY)
    page, own = reverse("collection_days", args=[home.pk]), reverse("assisted_arrangement", args=[held.pk])
    for person, sees in ((None, False), (cara, False), (asha, True)):
        if person:
            client.force_login(person.user)
        assert ("Our crew fetches" in client.get(page).text) is sees, person
        assert "Our crew fetches" not in client.get(reverse("assisted", args=[home.pk])).text or sees
    assert client.get(own).status_code == 200
    client.force_login(ben.user)
    assert client.get(own).status_code == 200
    client.force_login(cara.user)
    assert client.get(own).status_code == 404
    assert client.post(reverse("assisted_end", args=[held.pk])).status_code == 404
    held.refresh_from_db()
    assert held.over_on is None


def test_owner_ends_it(client, home, asha):
    held = granted(home, asha, TODAY)
    client.force_login(asha.user)
    client.post(reverse("assisted_end", args=[held.pk]))
    held.refresh_from_db()
    assert held.last_on == TODAY


def test_officer_grants_from_the_case_and_the_need_is_for_few(client, home, asha, dev):

    case = apply_for_assistance(application(home, asha)).case
    page = reverse("staff_case", args=[case.reference])
    client.force_login(dev)
    assert "My back" not in client.get(page).text
    assert client.get(reverse("staff_assisted_grant", args=[case.reference])).status_code == 403
    officer = StaffFactory(roles=["collections"])
    client.force_login(officer)
    assert "My back" in client.get(page).text
    assert AccessRecord.objects.filter(actor=officer, what=f"need of {case.reference}", customer=asha).exists()
    url = reverse("staff_assisted_grant", args=[case.reference])
    form = {**typed(client.get(url)), "stands": "rear", "until_day": ""}
    for name, value in (("from_on", TODAY), ("review_on", TODAY.replace(year=2027))):
        form |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
    response = client.post(url, form)
    held = AssistedCollection.objects.get()
    assert response["Location"] == reverse("staff_assisted", args=[held.pk])


def test_crew_list_is_for_those_with_the_right_and_is_recorded(client, home, black_bin, asha, cara, dev):
    granted(home, asha, TODAY)
    url = reverse("staff_assisted_list")
    client.force_login(dev)
    assert client.get(url).status_code == 403
    officer = StaffFactory(roles=["operative"])
    client.force_login(officer)
    assert "Green" in client.get(url).text or "green" in client.get(url).text
    assert AccessRecord.objects.filter(actor=officer, customer=asha).exists()


def test_not_out_is_no_reason_where_the_crew_fetches(client, home, black_bin, asha):

    granted(home, asha, TODAY)
    AssistedCollection.objects.update(from_on=dt.date(2026, 7, 1))
    tour = selectors.rounds_of(home)[0]
    CrewLogEntryFactory(round=tour, address=home, on=dt.date(2026, 7, 6), outcome="not_out")

    (choice,) = selectors.reportable(home, timezone.now())
    assert choice.may_report
    AssistedCollection.objects.update(from_on=TODAY)
    (choice,) = selectors.reportable(home, timezone.now())
    assert not choice.may_report


@pytest.mark.parametrize(("knows", "promise_on"), [(True, dt.date(2026, 7, 8)), (False, dt.date(2026, 7, 9))])
def test_missed_bin_is_promised_sooner_to_those_who_know_and_to_nobody_else(
    home, black_bin, asha, cara, knows, promise_on
):
    """A shorter promise would tell a neighbour that somebody there needs help. The crew's day is marked for both."""
    granted(home, asha, TODAY)
    AssistedCollection.objects.update(from_on=dt.date(2026, 7, 1))
    who = asha if knows else cara
    report_missed_bins(
        Report(
            address=home,
            container_ids=[black_bin.pk],
            actor=Actor.online(who.user, who),
            submission_key="once",
            customer=who,
            is_told_of_help=knows,
        )
    )
    missed = MissedBin.objects.select_related("case").get()
    assert missed.is_assisted
    assert missed.case.promise_on == promise_on


def test_adviser_asks_on_behalf_of_a_caller(client, home, asha):
    adviser = StaffFactory(roles=["adviser"])
    client.force_login(adviser)
    client.post(reverse("staff_start_serving", args=[asha.pk]), {"channel": "phone"})
    url, proof = walk(client, home)
    client.post(url, proof)
    client.post(url, proof)
    case = Case.objects.get()
    assert case.customer == asha
    assert list(Contact.objects.filter(case=case).values_list("actor", "subject", "channel")) == [
        (adviser.pk, asha.pk, "phone")
    ]
    assert AssistedRequest.objects.get(case=case).place == "Green gate"


def test_account_shows_the_arrangement_to_its_person_only(client, home, asha, cara):
    held = granted(home, asha, TODAY)
    link = reverse("assisted_arrangement", args=[held.pk])
    for person, sees in ((asha, True), (cara, False)):
        client.force_login(person.user)
        assert (link in client.get(reverse("account_home")).text) is sees
    end_assistance(held, actor=Actor.system())
    AssistedCollection.objects.update(over_on=TODAY)
    client.force_login(asha.user)
    assert link not in client.get(reverse("account_home")).text


def test_crew_list_costs_the_same_for_one_and_three_homes(client, home, black_bin, asha):
    tour = selectors.rounds_of(home)[0]
    client.force_login(StaffFactory(roles=["operative"]))
    url, counts = reverse("staff_assisted_list"), []

    def look():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))

    granted(home, asha, TODAY)
    look()
    for _number in range(2):
        other = AddressFactory()
        CollectionFactory(address=other, round=tour)
        granted(other, CustomerFactory(), TODAY)
    look()
    assert counts[0] == counts[1]


def test_what_we_hold_names_the_need_to_its_person_and_nothing_to_others(home, asha, cara):
    granted(home, asha, TODAY)
    (held,) = [holding for holding in holdings.holdings() if holding.key == "assisted-collections"]
    assert "My back" in str(held.rows(asha))
    everything = held.everything(asha)
    assert everything["asked_for"][0]["in_your_words"] == "My back"
    assert everything["arrangements"][0]["gate_code"] == "4711"
    assert not held.rows(cara)
    assert held.everything(cara) == {"asked_for": [], "arrangements": []}
