"""No page tells whether an address is registered: same answer, same page, same work; only the mail differs."""

import pytest
from django.contrib.auth import hashers
from django.test import Client

from barnet.customers.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.pages import skeleton

SECRET = "three odd words here"
KNOWN, UNKNOWN = "known@example.com", "nobody@example.com"


@pytest.fixture(autouse=True)
def _known(db):
    factories.UserFactory(email=KNOWN)


def journey(path, fields, follow_with=()):
    """Every status, address and page that a browser sees, tokens and typed address aside."""
    client, seen = Client(), []
    answer = client.post(path, fields)
    seen.append((answer.status_code, answer.get("Location"), skeleton(answer.content)))
    seen.append(sorted(client.cookies))
    if answer.status_code == 302:
        page = client.get(answer.url)
        seen.append((page.status_code, skeleton(page.content)))
        for more in follow_with:
            page = client.post(answer.url, more)
            seen.append((page.status_code, page.get("Location"), skeleton(page.content)))
    return seen


WRONG_CODES = [{"code": "XXXX-XXXX", "action": "verify"}] * 3


@pytest.mark.parametrize(
    ("path", "fields", "follow_with", "mails"),
    [
        (
            "/account/register/",
            lambda email: {"email": email, "password1": SECRET},
            WRONG_CODES,
            ["account-already-registered", "account-verify-code"],
        ),
        (
            "/account/sign-in/code/",
            lambda email: {"email": email},
            WRONG_CODES,
            ["account-login-code", "account-unknown"],
        ),
        ("/account/reset/", lambda email: {"email": email}, (), ["account-reset", "account-unknown"]),
        ("/account/sign-in/", lambda email: {"login": email, "password": "not the password"}, (), []),
    ],
)
def test_known_and_unknown_addresses_get_the_same_pages(outbox, path, fields, follow_with, mails):
    known = journey(path, fields(KNOWN), follow_with)
    unknown = journey(path, fields(UNKNOWN), follow_with)
    assert known == unknown
    assert outbox.keys == mails
    assert [mail.email for mail in outbox.mails] == [KNOWN, UNKNOWN][: len(mails)]


def test_the_page_itself_offers_the_same_second_try(outbox):
    """Asking for the e-mail again looks the same, too; only the owner of an account gets another."""
    again = [{"action": "resend"}, {"action": "resend"}]
    fields = [{"email": KNOWN}, {"email": UNKNOWN}]
    assert journey("/account/sign-in/code/", fields[0], again) == journey("/account/sign-in/code/", fields[1], again)
    assert outbox.keys == ["account-login-code"] * 3 + ["account-unknown"]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/register/", lambda email: {"email": email, "password1": SECRET}),
        ("/account/sign-in/", lambda email: {"login": email, "password": "not the password"}),
    ],
)
def test_the_slow_part_is_done_for_both(outbox, monkeypatch, path, fields):
    """Hashing a password takes a tenth of a second: skipping it would tell who is registered."""
    hashed = []
    for name in ("encode",):
        hasher = type(hashers.get_hasher())
        original = getattr(hasher, name)
        monkeypatch.setattr(hasher, name, lambda self, *a, _o=original, **k: hashed.append(1) or _o(self, *a, **k))

    counts = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        Client().post(path, fields(email))
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1


def test_adding_an_address_of_another_looks_like_adding_a_free_one(outbox, cara):
    seen = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        client.post("/account/sign-in/", {"login": "cara@example.com", "password": PASSWORD})
        answer = client.post("/account/security/email/", {"email": email, "action_add": "1"})
        seen.append((answer.status_code, answer.url, skeleton(client.get(answer.url).content)))
    assert seen[0] == seen[1]


def test_the_owner_is_told_what_happened_and_the_stranger_too(outbox):
    Client().post("/account/register/", {"email": KNOWN, "password1": SECRET})
    assert outbox.last.fields == {
        "sign_in_link": "http://testserver/account/sign-in/",
        "reset_link": "http://testserver/account/reset/",
    }
    Client().post("/account/reset/", {"email": UNKNOWN})
    assert outbox.last.fields == {"register_link": "http://testserver/account/register/"}
    assert User.objects.count() == 1
