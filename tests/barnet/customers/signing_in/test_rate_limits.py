"""After several tries in a short time we stop, in plain English, and count the visitor, not the proxy."""

import pytest
from django.test import Client

from tests import factories
from tests.factories import PASSWORD

WRONG = {"login": "asha@example.com", "password": "not the password"}


@pytest.fixture(autouse=True)
def _person(db):
    factories.UserFactory(email="asha@example.com")


def page_of_429(answer):
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "You tried too often" in page
    assert "Wait a minute" in page
    assert "govuk-template" in page
    return True


def test_five_wrong_passwords_stop_the_right_one_for_a_while(visitor):
    for _ in range(5):
        assert b"is not right" in visitor.post("/account/sign-in/", WRONG).content
    answer = Client(REMOTE_ADDR="203.0.113.9").post(
        "/account/sign-in/", {"login": "ASHA@example.com", "password": PASSWORD}
    )
    assert b"You tried too often. Wait 5 minutes, then try again." in answer.content


def test_wrong_passwords_for_an_unknown_address_stop_in_the_same_way(visitor):
    for _ in range(5):
        assert b"is not right" in visitor.post("/account/sign-in/", {**WRONG, "login": "no@example.com"}).content
    assert b"You tried too often" in visitor.post("/account/sign-in/", {**WRONG, "login": "no@example.com"}).content


@pytest.mark.parametrize(
    ("path", "most", "fields"),
    [
        ("/account/sign-in/", 30, lambda n: {"login": f"p{n}@example.com", "password": "x"}),
        ("/account/register/", 20, lambda n: {"email": "", "password1": ""}),
        ("/account/reset/", 20, lambda n: {"email": f"p{n}@example.com"}),
    ],
)
def test_one_visitor_gets_a_page_that_explains(visitor, outbox, path, most, fields):
    for n in range(most):
        assert visitor.post(path, fields(n)).status_code in (200, 302)
    assert page_of_429(visitor.post(path, fields(most)))


def test_codes_for_one_address_are_limited(outbox):
    for _ in range(3):
        assert Client().post("/account/sign-in/code/", {"email": "asha@example.com"}).status_code == 302
    refused = Client().post("/account/sign-in/code/", {"email": "asha@example.com"})
    assert b"You tried too often" in refused.content
    assert outbox.keys == ["account-login-code"] * 3


def test_confirmation_codes_wait_ten_seconds(visitor, outbox):
    visitor.post("/account/register/", {"email": "new@example.com", "password1": "three odd words here"})
    assert page_of_429(visitor.post("/account/verify/", {"action": "resend"}))
    assert outbox.keys == ["account-verify-code"]


def test_behind_a_proxy_each_visitor_has_a_limit_of_their_own(settings, outbox):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = "10.0.0.1"

    def ask(n, visitor_ip):
        client = Client(REMOTE_ADDR=proxy, HTTP_X_FORWARDED_FOR=f"198.51.100.7, {visitor_ip}")
        return client.post("/account/reset/", {"email": f"p{n}@example.com"}).status_code

    assert {ask(n, "203.0.113.1") for n in range(20)} == {302}
    assert ask(20, "203.0.113.1") == 429
    assert ask(21, "203.0.113.2") == 302


def test_without_a_proxy_the_header_is_not_believed(settings, outbox):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for n in range(20):
        client = Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
        assert client.post("/account/reset/", {"email": f"p{n}@example.com"}).status_code == 302
    assert (
        Client(HTTP_X_FORWARDED_FOR="203.0.113.99").post("/account/reset/", {"email": "z@example.com"}).status_code
        == 429
    )


def test_a_forwarded_address_that_makes_no_sense_is_no_failure(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answer = Client(HTTP_X_FORWARDED_FOR="nonsense").post("/account/reset/", {"email": "p@example.com"})
    assert answer.status_code == 403
