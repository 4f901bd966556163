"""The four attacks that the portal promises to stop: a session stolen, a code guessed, an e-mail address enumerated,
an authority forged or expired. Each is refused, and each is in the record where the guardian of data looks."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from barnet.customers import selectors
from barnet.customers.acting_for import inviting
from barnet.customers.acting_for.inviting import Offer
from barnet.customers.enums import SecurityEventKind as Kind
from barnet.customers.models import Customer, Delegation, Invitation, SecurityEvent
from tests import factories
from tests.barnet.customers.signing_in.test_sessions import FIREFOX, IPHONE, LIST, browser, is_in, row_of
from tests.factories import PASSWORD
from tests.pages import skeleton
from tests.people import PortalClient

PEOPLE, CODE, ACTING_FOR = "/account/people/", "/account/people/code/", "/account/acting-for/"


def recorded(user, kind) -> list[str]:
    """The details of what is in the record of one account."""
    return list(SecurityEvent.objects.filter(user=user, kind=kind).order_by("pk").values_list("detail", flat=True))


def guardian_sees(kind) -> bool:
    client = PortalClient()
    client.force_login(factories.StaffFactory(email="gus@example.com", roles=["data_guardian"]))
    page = client.get("/staff/security/", {"kind": kind}).content.decode()
    return f"<strong>{Kind(kind).label}" in page


def signed_in(customer: Customer) -> PortalClient:
    client = PortalClient()
    client.force_login(customer.user)
    return client


def thief_with(client, agent) -> Client:
    """Another browser, with a copy of the cookie."""
    thief = Client(headers={"user-agent": agent})
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


# --- A session stolen ---


def test_session_in_another_browser_is_refused_ended_for_both_and_recorded(asha, outbox):
    owner = browser(asha.user, FIREFOX)
    thief = thief_with(owner, IPHONE)
    assert not is_in(thief)
    assert SecurityEvent.objects.get(kind=Kind.SESSION_ELSEWHERE).device == "Safari on iPhone"
    assert recorded(asha.user, Kind.SESSION_ELSEWHERE) == [""]
    assert not is_in(owner)  # whose it is cannot be told from here: its owner signs in again
    assert not is_in(thief_with(owner, FIREFOX))
    assert guardian_sees(Kind.SESSION_ELSEWHERE)


def test_newer_version_of_the_same_browser_goes_on(asha, outbox):
    owner = browser(asha.user, FIREFOX)
    assert is_in(thief_with(owner, FIREFOX.replace("130.0", "131.0")))
    assert not SecurityEvent.objects.filter(kind=Kind.SESSION_ELSEWHERE).exists()


def test_session_that_its_owner_ended_is_refused_to_the_thief_and_recorded(asha, outbox):
    owner, lost = browser(asha.user, FIREFOX), browser(asha.user, IPHONE)
    thief = thief_with(lost, IPHONE)
    assert is_in(thief)
    owner.post(f"{LIST}{row_of(lost).pk}/sign-out/")
    assert not is_in(thief)
    assert recorded(asha.user, Kind.SESSION_REFUSED) == [""]
    assert guardian_sees(Kind.SESSION_REFUSED)


# --- A code guessed ---


def test_guessed_code_of_an_email_is_refused_and_recorded(asha, outbox):
    client = Client()
    client.post("/account/sign-in/code/", {"email": asha.email})
    code = outbox.last.fields["code"]
    for _ in range(3):
        client.post("/account/sign-in/code/enter/", {"code": "XXXX-XXXX"})
    client.post("/account/sign-in/code/enter/", {"code": code})  # three wrong ones ended the attempt
    assert not is_in(client)
    assert recorded(asha.user, Kind.CODE_REFUSED) == [""] * 3
    assert guardian_sees(Kind.CODE_REFUSED)


@pytest.fixture
def letter(asha):
    asha.address = factories.AddressFactory(postcode="EN5 4AA")
    asha.save()
    return inviting.invite(asha, Offer(name="Dora"), by=asha.user, submission_key="letter")


def test_guessed_code_of_a_letter_is_refused_recorded_and_then_stopped(letter, cara):
    guesser = signed_in(cara)
    for _ in range(5):
        guesser.post(CODE, {"code": "2222222222", "postcode": "EN5 4AA"})
    assert guesser.post(CODE, {"code": letter.code, "postcode": "EN5 4AA"}).status_code == 429
    assert selectors.reach_of(cara.user) == []
    assert recorded(cara.user, Kind.INVITATION_CODE_REFUSED) == [""] * 5
    assert recorded(cara.user, Kind.TOO_MANY_TRIES) == [""]
    assert letter.code not in str(list(SecurityEvent.objects.values()))
    assert guardian_sees(Kind.INVITATION_CODE_REFUSED)


def test_right_code_of_a_letter_with_a_guessed_postcode_is_refused_and_recorded(letter, cara):
    guesser = signed_in(cara)
    for number in range(5):
        guesser.post(CODE, {"code": letter.code, "postcode": f"N{number + 1} 1AA"})
    assert recorded(cara.user, Kind.INVITATION_CODE_REFUSED) == [""] * 5
    letter.invitation.refresh_from_db()
    assert letter.invitation.state == "locked"


# --- An e-mail address enumerated ---


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/sign-in/", lambda email: {"login": email, "password": "not the password"}),
        ("/account/sign-in/code/", lambda email: {"email": email}),
        ("/account/reset/", lambda email: {"email": email}),
        ("/account/register/", lambda email: {"email": email, "password1": "three odd words here"}),
    ],
    ids=["sign-in", "code", "reset", "register"],
)
def test_walk_through_addresses_learns_nothing_is_stopped_and_recorded(asha, outbox, path, fields):
    answers = []
    for email in (asha.email, *(f"p{number}@example.com" for number in range(31))):
        answer = Client().post(path, fields(email))
        answers.append((answer.status_code, answer.get("Location"), skeleton(answer.content)))
    assert len(set(answers[:10])) == 1  # the one that has an account is like the others
    last = answers[-1]
    assert last[0] == 429 or "You tried too often" in last[2]
    assert SecurityEvent.objects.filter(kind=Kind.TOO_MANY_TRIES, user=None).exists()
    assert guardian_sees(Kind.TOO_MANY_TRIES)


# --- An authority forged or expired ---


def test_choice_to_act_for_somebody_who_gave_no_authority_is_refused_and_recorded(asha, cara):
    client = signed_in(cara)
    page = client.post(ACTING_FOR, {"principal": asha.pk}).content.decode()
    assert "You may not act for this person" in page
    assert "Asha" not in page
    assert "acting_for" not in client.session
    assert recorded(cara.user, Kind.AUTHORITY_REFUSED) == [f"customer {asha.pk}"]
    assert guardian_sees(Kind.AUTHORITY_REFUSED)


@pytest.mark.parametrize("junk", ["999999999", "9" * 30, "-1", "x", "1 OR 1=1"])
def test_forged_number_of_a_person_is_refused_and_recorded(cara, junk):
    assert signed_in(cara).post(ACTING_FOR, {"principal": junk}).status_code == 200
    assert recorded(cara.user, Kind.AUTHORITY_REFUSED) == [f"customer {junk[:20]}"]


def test_session_that_claims_an_authority_is_refused_and_recorded(asha, cara):
    client = signed_in(cara)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    assert "Asha" not in client.get("/account/").content.decode()
    assert recorded(cara.user, Kind.AUTHORITY_REFUSED) == [f"customer {asha.pk}"]


@pytest.mark.parametrize("end", ["expired", "taken away"])
def test_authority_that_is_over_is_refused_in_an_open_session_and_recorded_once(asha, ben, end):
    client = signed_in(ben)
    client.post(ACTING_FOR, {"principal": asha.pk})
    assert "You are acting for" in client.get("/account/").content.decode()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    over = {"starts_on": yesterday, "ends_on": yesterday} if end == "expired" else {"revoked_at": timezone.now()}
    Delegation.objects.update(**over)
    for _ in range(2):
        assert "You are acting for" not in client.get("/account/").content.decode()
    assert recorded(ben.user, Kind.AUTHORITY_REFUSED) == [f"customer {asha.pk}"]


def test_authorities_and_invitations_of_others_are_not_found_and_each_try_is_recorded(asha, ben, cara):
    made = inviting.invite(asha, Offer(email="dora@example.com"), by=asha.user, submission_key="a").invitation
    given, client = Delegation.objects.get(), signed_in(cara)
    for path in (f"{given.pk}/", f"{given.pk}/renew/", f"invitations/{made.pk}/", f"invitations/{made.pk}/withdraw/"):
        assert client.post(f"{PEOPLE}{path}", {"answer": "accept", "reason": ""}).status_code == 404
    assert recorded(cara.user, Kind.AUTHORITY_REFUSED) == [
        *[f"authority {given.pk}"] * 2,
        *[f"invitation {made.pk}"] * 2,
    ]
    given.refresh_from_db()
    assert given.revoked_at is None


def test_invitation_that_is_too_old_is_refused_and_recorded(asha, cara):
    made = inviting.invite(asha, Offer(email=cara.email), by=asha.user, submission_key="a").invitation
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    answer = signed_in(cara).post(f"{PEOPLE}invitations/{made.pk}/", {"answer": "accept"})
    assert answer.status_code == 409
    assert not Delegation.objects.exists()
    assert recorded(cara.user, Kind.AUTHORITY_REFUSED) == [f"invitation {made.pk}"]


def test_walk_through_numbers_leaves_lines_and_not_a_flood(asha, ben, cara):
    client = signed_in(cara)
    for number in range(1000, 1030):
        assert client.get(f"{PEOPLE}{number}/").status_code == 404
    assert len(recorded(cara.user, Kind.AUTHORITY_REFUSED)) == 20


def test_owner_of_an_authority_who_uses_it_rightly_leaves_no_line(asha, ben):
    client = signed_in(ben)
    client.post(ACTING_FOR, {"principal": asha.pk})
    client.get(f"{PEOPLE}{Delegation.objects.get().pk}/")
    client.post(f"{ACTING_FOR}stop/")
    client.post(ACTING_FOR, {})
    assert recorded(ben.user, Kind.AUTHORITY_REFUSED) == []


def test_password_is_right_for_the_walks_above(asha):
    """Their refusals are of what was tried, not of a broken page."""
    client = Client()
    client.post("/account/sign-in/", {"login": asha.email, "password": PASSWORD})
    assert is_in(client)
