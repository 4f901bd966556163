"""Inviting, answering and ending on the pages, as people and as attackers do it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers import selectors
from barnet.customers.models import Delegation, Invitation
from tests import factories
from tests.barnet.customers.signing_in.test_sudo import some_minutes_later
from tests.people import PortalClient

PEOPLE = "/account/people/"


@pytest.fixture
def as_asha(asha):
    asha.address = factories.AddressFactory(postcode="EN5 4AA")
    asha.save()
    return signed_in(asha)


def signed_in(customer) -> PortalClient:
    client = PortalClient()
    client.force_login(customer.user)
    return client


def invite(client, **answers):
    form = client.get(f"{PEOPLE}invite/").context["form"]
    sent = {"name": "Cara", "scope": "everything", "submission_key": form["submission_key"].value()} | answers
    return client.post(f"{PEOPLE}invite/", sent, follow=True)


def code_in(page) -> str:
    return page.context["code"].replace(" ", "")


def test_from_invitation_to_acting_and_to_the_end(as_asha, asha, cara):
    bins = factories.ServiceFactory()
    page = invite(as_asha, way="email", email="cara@example.com", scope="some", services=["missed-bin"])
    assert "We have written to cara@example.com" in page.content.decode()
    assert "Invitations that wait" in page.content.decode()

    as_cara = signed_in(cara)
    assert "Asha Owner asks you" in as_cara.get(PEOPLE).content.decode()
    invitation = Invitation.objects.get()
    at = f"{PEOPLE}invitations/{invitation.pk}/"
    assert bins.name in as_cara.get(at).content.decode()
    assert "You may now act for Asha Owner" in as_cara.post(at, {"answer": "accept"}, follow=True).content.decode()
    as_cara.post("/account/acting-for/", {"principal": asha.pk})
    assert "You are acting for" in as_cara.get("/account/").content.decode()

    held = Delegation.objects.get()
    page = as_asha.post(f"{PEOPLE}{held.pk}/", {"reason": "No longer needed"}, follow=True).content.decode()
    assert "It ended now" in page
    assert "You are acting for" not in as_cara.get("/account/").content.decode()
    assert "No longer needed" in as_cara.get(f"{PEOPLE}{held.pk}/").content.decode()


def test_invitation_that_is_over_says_so_and_gives_nothing(as_asha, cara):
    invite(as_asha, way="email", email="cara@example.com")
    at = f"{PEOPLE}invitations/{Invitation.objects.get().pk}/"
    as_cara = signed_in(cara)
    assert 'value="accept"' in as_cara.get(at).text
    Invitation.objects.update(expires_at=timezone.now())
    page = as_cara.post(at, {"answer": "accept"}, follow=True).text
    assert "over" in page or "expired" in page
    assert 'value="accept"' not in as_cara.get(at, follow=True).text
    assert "Asha Owner asks you" not in as_cara.get(PEOPLE).text
    assert not Delegation.objects.filter(delegate=cara).exists()


def test_letter_shows_its_code_once_and_opens_with_the_postcode(as_asha, asha, cara):
    page = invite(as_asha, way="letter")
    code = code_in(page)
    assert page.context["code"] in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    again = as_asha.post(
        f"{PEOPLE}invite/",
        {
            "name": "Cara",
            "scope": "everything",
            "way": "letter",
            "submission_key": Invitation.objects.get().submission_key,
        },
    )
    assert code not in again.content.decode()

    as_cara = signed_in(cara)
    refused = as_cara.post(f"{PEOPLE}code/", {"code": code, "postcode": "N1 1AA"}).content.decode()
    assert "We know no such code" in refused
    assert code in refused  # what was typed stays
    at = as_cara.post(f"{PEOPLE}code/", {"code": code.lower(), "postcode": "en54aa"}).url
    assert "Act for Asha Owner?" in as_cara.get(at).content.decode()
    as_cara.post(at, {"answer": "accept"})
    assert selectors.reach_of(cara.user) == [(asha.pk, None)]
    assert as_cara.post(at, {"answer": "accept"}).status_code == 404  # replayed: the session forgot the code


def test_codes_are_tried_a_few_times_only(as_asha, cara):
    code = code_in(invite(as_asha, way="letter"))
    as_cara = signed_in(cara)
    for _number in range(5):
        assert as_cara.post(f"{PEOPLE}code/", {"code": "2222222222", "postcode": "EN5 4AA"}).status_code == 200
    assert as_cara.post(f"{PEOPLE}code/", {"code": code, "postcode": "EN5 4AA"}).status_code == 429


def test_strangers_and_forged_ids_find_nothing(as_asha, asha, ben, cara):
    invite(as_asha, way="email", email="dora@example.com")
    invitation = Invitation.objects.get()
    given = Delegation.objects.get()
    as_cara, as_ben = signed_in(cara), signed_in(ben)
    for path in (
        f"invitations/{invitation.pk}/",
        f"invitations/{invitation.pk}/withdraw/",
        f"{given.pk}/",
        f"{given.pk}/renew/",
        "999999999/",
        "9" * 30 + "/",
    ):
        assert as_cara.post(f"{PEOPLE}{path}", {"answer": "accept", "reason": ""}).status_code == 404, path
    assert as_ben.post(f"{PEOPLE}{given.pk}/renew/", {}).status_code == 404
    assert as_ben.post(f"{PEOPLE}invitations/{invitation.pk}/withdraw/").status_code == 404
    assert (Invitation.objects.get().state, Delegation.objects.get().revoked_at) == ("pending", None)


def test_delegate_sees_nothing_of_who_else_acts_and_invites_nobody(asha, ben, cara):
    factories.DelegationFactory(principal=asha, delegate=cara)
    as_ben = signed_in(ben)
    as_ben.post("/account/acting-for/", {"principal": asha.pk})
    page = as_ben.get(PEOPLE).content.decode()
    assert "theirs alone" in page
    assert "Cara" not in page
    assert as_ben.get(f"{PEOPLE}invite/").status_code == 403
    assert as_ben.post(f"{PEOPLE}invite/", {"name": "x", "email": "x@example.com"}).status_code == 403
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"way": "", "name": ""}, "Enter the name of the person"),
        ({"way": "email", "email": ""}, "Enter their e-mail address"),
        ({"way": "email", "email": "no address"}, "in the form name@example.com"),
        ({"way": "email", "email": "c@example.com", "scope": "some"}, "Choose at least one service"),
        ({"way": "email", "email": "c@example.com", "scope": "some", "services": ["forged"]}, "Choose services from"),
        ({"way": "letter", "ends_on_day": "99", "ends_on_month": "1", "ends_on_year": "2030"}, "real date"),
        ({"way": "letter", "ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2020"}, "in the past"),
        ({"way": "letter", "name": "x" * 5000}, "shorter name"),
    ],
)
def test_bad_answers_are_told_and_change_nothing(as_asha, answers, sentence):
    page = invite(as_asha, **answers)
    assert sentence in page.content.decode()
    assert page.status_code == 200
    assert Invitation.objects.count() == 0


def test_renewing_by_page_and_refusal_in_words(as_asha, asha, ben):
    held = Delegation.objects.get()
    at = f"{PEOPLE}{held.pk}/renew/"
    day = {"ends_on_day": "1", "ends_on_month": "3", "ends_on_year": "2031"}
    assert as_asha.post(at, day).url == PEOPLE
    held.refresh_from_db()
    assert str(held.ends_on) == "2031-03-01"
    assert "must not be in the past" in as_asha.post(at, day | {"ends_on_year": "2020"}).content.decode()


def test_lists_cost_the_same_for_one_and_for_three(as_asha, asha):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            as_asha.get(PEOPLE)
        return len(captured)

    def one_more():
        service = factories.ServiceFactory()
        factories.narrow(factories.DelegationFactory(principal=asha), service)
        factories.DelegationFactory(delegate=asha)

    one_more()
    first = cost()
    one_more()
    one_more()
    assert cost() == first


def test_invitation_of_a_session_that_was_stolen_waits_for_the_owners_password(as_asha, asha):
    key = as_asha.get(f"{PEOPLE}invite/").context["form"]["submission_key"].value()
    some_minutes_later(as_asha)
    sent = {"name": "Thief", "way": "email", "email": "thief@example.org", "scope": "everything"}
    asked = as_asha.post(f"{PEOPLE}invite/", {**sent, "submission_key": key})
    assert asked.url.startswith("/account/sign-in/again/")
    as_asha.post(asked.url, {"password": "a guess of the thief"})
    assert not Invitation.objects.exists()
    assert as_asha.post(asked.url, {"password": factories.PASSWORD}).url == PEOPLE  # what was typed goes on
    assert Invitation.objects.get().email == "thief@example.org"
