"""Before every sensitive change we ask again who it is. The table is the one of docs/developers/sign-in.md."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from barnet.customers.models import SecurityEvent, SignInSession, User
from tests.barnet.customers.signing_in.test_second_factor import code_of, sign_in
from tests.factories import PASSWORD
from tests.people import give_authenticator

AGAIN = "/account/sign-in/again/"
TABLE = [
    ("get", "/account/security/email/"),
    ("post", "/account/security/email/"),
    ("get", "/account/security/password/first/"),
    ("get", "/account/security/second-step/"),
    ("get", "/account/security/second-step/remove/"),
    ("post", "/account/security/second-step/remove/"),
    ("get", "/account/security/recovery-codes/"),
    ("get", "/account/security/recovery-codes/new/"),
    ("post", "/account/security/recovery-codes/new/"),
    ("get", "/account/security/recovery-codes/download/"),
    ("get", "/account/security/passkeys/add/"),
    ("post", "/account/security/passkeys/add/"),
    ("get", "/account/security/passkeys/1/name/"),
    ("post", "/account/security/passkeys/1/name/"),
    ("get", "/account/security/passkeys/1/remove/"),
    ("post", "/account/security/passkeys/1/remove/"),
    ("post", "/account/security/devices/1/sign-out/"),
    ("post", "/account/security/devices/1/forget/"),
    ("post", "/account/security/devices/sign-out-everywhere/"),
    ("get", "/account/close/"),
    ("post", "/account/close/"),
    ("get", "/account/details/name/"),
    ("post", "/account/details/name/"),
    ("get", "/account/details/address/"),
    ("post", "/account/details/address/"),
    ("get", "/account/contact/add/"),
    ("post", "/account/contact/add/"),
    ("get", "/account/contact/1/prove/"),
    ("post", "/account/contact/1/prove/"),
    ("post", "/account/contact/1/prefer/"),
    ("get", "/account/contact/1/remove/"),
    ("post", "/account/contact/1/remove/"),
    ("get", "/account/people/invite/"),
    ("post", "/account/people/invite/"),
    ("get", "/account/people/invitations/7d444840-9dc0-11d1-b245-5ffdce74fad2/"),
    ("post", "/account/people/invitations/7d444840-9dc0-11d1-b245-5ffdce74fad2/"),
    ("post", "/account/people/invitations/7d444840-9dc0-11d1-b245-5ffdce74fad2/withdraw/"),
    ("get", "/account/people/1/"),
    ("post", "/account/people/1/"),
    ("get", "/account/people/1/renew/"),
    ("post", "/account/people/1/renew/"),
]


def some_minutes_later(client):
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()


@pytest.fixture
def asha_s(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    return client


@pytest.mark.parametrize(("method", "address"), TABLE)
def test_sensitive_change_asks_again_after_five_minutes(asha, asha_s, outbox, method, address):
    some_minutes_later(asha_s)
    before = (User.objects.values().get(pk=asha.user.pk), Authenticator.objects.count())
    answer = getattr(asha_s, method)(address)
    assert answer.status_code == 302
    assert unquote(answer.url) == f"{AGAIN}?next={address}"
    assert (User.objects.values().get(pk=asha.user.pk), Authenticator.objects.count()) == before


@pytest.mark.parametrize(("method", "address"), TABLE)
def test_visitors_are_sent_to_sign_in(db, method, address):
    answer = getattr(Client(), method)(address)
    assert answer.url.startswith("/account/sign-in/?next=/account/")


def test_the_table_in_the_documentation_names_the_same_addresses():
    page = (Path(__file__).parents[4] / "docs/developers/sign-in.md").read_text()
    documented = set(re.findall(r"^\| `(/account/[^`]+)`", page, re.MULTILINE))
    assert documented == {re.sub(r"/(1|[0-9a-f-]{36})/", "/…/", address) for _method, address in TABLE}


def test_what_was_sent_goes_on_after_the_proof(asha, asha_s, outbox):
    other = Client()
    sign_in(other, asha.user)
    row = SignInSession.objects.latest("pk")
    some_minutes_later(asha_s)
    asked = asha_s.post(f"/account/security/devices/{row.pk}/sign-out/")
    assert other.get("/account/").status_code == 200
    asha_s.post(asked.url, {"password": "wrong"})
    assert other.get("/account/").status_code == 200
    assert asha_s.post(asked.url, {"password": PASSWORD}).url == "/account/security/devices/"
    assert other.get("/account/").status_code == 302
    assert SecurityEvent.objects.filter(user=asha.user, kind="proved").count() == 1
    assert SecurityEvent.objects.filter(user=asha.user, kind="password_refused").count() == 1


def test_a_new_password_is_never_kept_for_later(asha_s, asha, outbox):
    User.objects.filter(pk=asha.user.pk).update(password="!unusable")
    client = Client()
    client.post("/account/sign-in/code/", {"email": asha.user.email})
    client.post("/account/sign-in/code/enter/", {"code": outbox.last.fields["code"]})
    some_minutes_later(client)
    answer = client.post(
        "/account/security/password/first/", {"password1": "three odd words here", "password2": "three odd words here"}
    )
    assert unquote(answer.url) == f"{AGAIN}code/?next=/account/security/password/first/"
    assert "three odd words" not in str(dict(client.session))


def test_somebody_without_password_and_second_step_proves_it_by_mail(asha, outbox):
    """allauth alone would ask such a person nothing at all."""
    User.objects.filter(pk=asha.user.pk).update(password="!unusable")
    client = Client()
    client.post("/account/sign-in/code/", {"email": asha.user.email})
    client.post("/account/sign-in/code/enter/", {"code": outbox.last.fields["code"]})
    some_minutes_later(client)
    outbox.clear()
    asked = client.get("/account/security/email/")
    assert unquote(asked.url) == f"{AGAIN}code/?next=/account/security/email/"
    assert outbox.keys == []  # nothing is mailed before it is asked for
    client.post(asked.url, {"action": "send"})
    code = outbox.last.fields["code"]
    assert (outbox.last.key, outbox.last.email) == ("account-proof-code", asha.user.email)

    for _ in range(2):
        assert b"This code is not right" in client.post(asked.url, {"code": "XXXX-XXXX", "action": "verify"}).content
    assert client.get("/account/security/email/").status_code == 302
    assert client.post(asked.url, {"code": code, "action": "verify"}).url == "/account/security/email/"
    assert client.get("/account/security/email/").status_code == 200
    assert SecurityEvent.objects.filter(user=asha.user, kind="code_refused").count() == 2


def test_three_wrong_codes_end_the_code_and_few_are_mailed(asha, outbox):
    User.objects.filter(pk=asha.user.pk).update(password="!unusable")
    client = Client()
    client.force_login(User.objects.get(pk=asha.user.pk))
    address = f"{AGAIN}code/?next=/account/security/email/"
    client.post(address, {"action": "send"})
    code = outbox.last.fields["code"]
    for _ in range(3):
        client.post(address, {"code": "XXXX-XXXX", "action": "verify"})
    client.post(address, {"code": code, "action": "verify"})  # asks for a new one instead
    assert client.get("/account/security/email/").status_code == 302
    for _ in range(4):
        client.post(address, {"action": "send"})
    assert outbox.keys.count("account-proof-code") == 3
    assert outbox.last.fields["code"] != code


def test_proof_of_one_person_does_not_count_for_the_next(asha, cara, asha_s):
    asha_s.force_login(cara.user)
    assert asha_s.get("/account/security/email/").url.startswith(AGAIN)


def test_whoever_has_an_app_may_prove_it_with_that(asha, asha_s):
    give_authenticator(asha.user)
    some_minutes_later(asha_s)
    page = asha_s.get(asha_s.get("/account/close/").url).content.decode()
    assert "Use my authenticator app or a recovery code instead" in page
    assert asha_s.post(f"{AGAIN}second-step/?next=/account/close/", {"code": code_of()}).url == "/account/close/"


def test_changing_the_password_asks_for_the_old_one_instead(asha, asha_s):
    some_minutes_later(asha_s)
    assert b"Your password now" in asha_s.get("/account/security/password/").content
