"""What we hold and why: complete, only one's own, and a file that programs read."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from barnet.customers import access
from barnet.customers.actors import Actor
from barnet.customers.consent import agreeing
from barnet.customers.keeping.holdings import Holding, holdings, register
from barnet.customers.models import AccessRecord, Consent, Need, PurposeText
from barnet.notifications.services import queue_message
from portal.cases.models import Case
from tests import factories

HELD = "/account/what-we-hold/"
NEEDS = "/account/details/needs/"
ROOMS = {
    "details", "contact-points", "preferences", "needs", "authorities", "sessions", "security-events", "requests",
    "contacts", "missed-bins", "reminders", "messages", "push-devices",
}  # fmt: skip


@pytest.fixture
def as_asha(client, asha):
    agreeing.ensure_purposes()
    client.force_login(asha.user)
    return client


@pytest.fixture
def cara_has_secrets(cara):
    factories.CaseFactory(customer=cara, title="The secret of Cara", details=[["Note", "gate code 4711"]])
    cara.needs.create(kind="other", words="Cara needs quiet", recorded_by=cara.user)
    queue_message("test-message", key="x", customer=cara, fields={"council": "x", "asked_at": "Cara's hour"})


def test_every_room_declares_what_it_holds():
    assert {holding.key for holding in holdings()} >= ROOMS
    for holding in holdings():
        assert all([str(holding.title), str(holding.why), str(holding.how_long)])
    with pytest.raises(Exception, match="details"):
        register(Holding("details", "x", "x", "x", lambda c: [], lambda c: {}))


def test_page_shows_what_is_held_who_read_it_by_role_and_what_was_agreed(as_asha, asha, cara_has_secrets):
    factories.CaseFactory(customer=asha)
    lead = factories.StaffFactory(email="lead@example.com", first_name="Lena", roles=["team_lead"])
    access.record(actor=lead, customer=asha, what="case BAR-1", purpose="casework")
    page = as_asha.get(HELD).content.decode()
    for said in ("asha@example.com", "Asha Owner", "Received", "Team leader", "case BAR-1: casework", "I agree"):
        assert said in page, said
    for secret in ("Lena", "lead@example.com", "Cara", "4711"):
        assert secret not in page


def test_who_read_it_is_said_in_words_without_numbers_of_other_records(as_asha, asha, cara):
    lead = factories.StaffFactory(roles=["team_lead"])
    access.record(actor=lead, customer=asha, what=f"customer {asha.pk}", purpose="customer service")
    access.record(actor=lead, customer=asha, what=f"household of customer {cara.pk}", purpose="customer service")
    page = as_asha.get(f"{HELD}readings/").text
    assert "Your record: customer service" in page
    assert "That you are registered at your address: customer service" in page
    assert f"customer {cara.pk}" not in page


def test_file_holds_everything_of_theirs_and_nothing_of_others(as_asha, asha, ben, cara_has_secrets):
    factories.CaseFactory(customer=asha, title="Mine", details=[["Note", "blue gate"]])
    asha.needs.create(kind="interpreter", words="Tamil", recorded_by=asha.user)
    agreeing.agree(asha, PurposeText.objects.first(), actor=_actor(asha), by=asha.user)
    response = as_asha.get(f"{HELD}file/")
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in response["Cache-Control"]
    text = response.content.decode()
    told = json.loads(text)
    assert set(told["held"]) >= ROOMS
    assert told["held"]["requests"]["data"][0]["what_you_told_us"] == [["Note", "blue gate"]]
    assert told["held"]["needs"]["data"][0]["words"] == "Tamil"
    assert told["held"]["authorities"]["data"]["authorities"][0]["delegate"] == "Ben Delegate"
    assert told["agreed"][0]["version"] == 1
    for secret in ("Cara", "4711"):
        assert secret not in text


def _actor(customer):
    return Actor.online(customer.user, customer)


def test_delegate_sees_none_of_it_while_acting(client, asha, ben):
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    for path in (HELD, f"{HELD}readings/", f"{HELD}file/", f"{HELD}ask/", NEEDS):
        assert client.get(path).url == "/account/details/", path
    assert client.post(NEEDS, {"needs": ["no_stairs"], "agreed": "on"}).url == "/account/details/"
    assert Need.objects.count() == 0


def test_wish_about_data_becomes_one_request(as_asha, asha):
    ensure_services()
    form = as_asha.get(f"{HELD}ask/").context["form"]
    sent = {"what": "erase", "words": "My old number", "submission_key": form["submission_key"].value()}
    first = as_asha.post(f"{HELD}ask/", sent)
    assert as_asha.post(f"{HELD}ask/", sent).url == first.url
    case = Case.objects.get()
    assert (case.customer, case.details[1][1]) == (asha, "My old number")
    assert "Choose what you ask for" in as_asha.post(f"{HELD}ask/", {"words": "x"}).content.decode()


def test_agreeing_and_withdrawing_by_page(as_asha, asha):
    text = PurposeText.objects.get(purpose__slug="opinion")
    as_asha.post(f"{HELD}agree/", {"text": text.pk, "answer": "agree"})
    assert agreeing.has_agreed(asha, "opinion")
    assert "I withdraw" in as_asha.get(HELD).content.decode()
    as_asha.post(f"{HELD}agree/", {"text": text.pk, "answer": "withdraw"})
    assert not agreeing.has_agreed(asha, "opinion")
    for forged in ("999999", "x", "9" * 40, ""):
        assert as_asha.post(f"{HELD}agree/", {"text": forged, "answer": "agree"}).status_code == 404
    newer = agreeing.publish(PurposeText.objects.create(purpose=text.purpose, version=2, wording="New"))
    page = as_asha.post(f"{HELD}agree/", {"text": text.pk, "answer": "agree"}, follow=True).content.decode()
    assert "The text changed" in page
    assert Consent.objects.filter(text=newer).count() == 0


def test_needs_are_saved_with_the_day_of_consent_and_taken_away(as_asha, asha):
    told = {"needs": ["interpreter", "no_stairs"], "interpreter": "Tamil", "agreed": "on"}
    as_asha.post(NEEDS, told)
    assert [str(need) for need in Need.objects.filter(ended_at=None)] == ["An interpreter: Tamil", "No stairs"]
    day = Need.objects.get(kind="no_stairs").consented_at
    as_asha.post(NEEDS, told | {"interpreter": "BSL"})
    assert Need.objects.get(kind="no_stairs", ended_at=None).consented_at == day
    assert "An interpreter: BSL" in as_asha.get("/account/details/").content.decode()
    as_asha.post(NEEDS, {})
    assert not Need.objects.filter(ended_at=None).exists()
    assert Need.objects.count() == 3


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"needs": ["interpreter"], "agreed": "on"}, "Write it in a few words"),
        ({"needs": ["no_stairs"]}, "Without this we cannot keep it"),
        ({"needs": ["forged"], "agreed": "on"}, "Choose from the list"),
        ({"needs": ["other"], "other": "x" * 201, "agreed": "on"}, "200 characters"),
    ],
)
def test_wrong_needs_are_told_and_not_saved(as_asha, told, sentence):
    assert sentence in as_asha.post(NEEDS, told).content.decode()
    assert Need.objects.count() == 0


def test_page_costs_the_same_for_one_and_for_three(as_asha, asha, dev):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            as_asha.get(HELD)
        return len(captured)

    def one_more():
        factories.CaseFactory(customer=asha)
        factories.DelegationFactory(principal=asha)
        AccessRecord.objects.create(actor=dev, customer=asha, what="case", purpose="casework", at=timezone.now())

    one_more()
    first = cost()
    one_more()
    one_more()
    assert cost() == first
