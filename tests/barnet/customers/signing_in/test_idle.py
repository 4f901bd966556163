"""Staff who left their desk prove again who they are; what they send then goes on afterwards."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import resolve, reverse

from barnet.customers.models import Customer, SecurityEvent, SignInSession
from barnet.customers.signing_in import idle, sessions
from tests import factories
from tests.barnet.customers.signing_in.test_second_factor import code_of, sign_in
from tests.factories import PASSWORD
from tests.people import give_authenticator
from tests.portal.workbench.conftest import form_of

STEP, AGAIN = "/account/sign-in/second-step/", "/account/sign-in/again/"


@pytest.fixture
def adviser(db):
    user = factories.StaffFactory(email="adviser@example.com", roles=["adviser"])
    give_authenticator(user)
    return user


def at_the_desk(user, **more) -> Client:
    client = Client(**more)
    sign_in(client, user)
    client.post(STEP, {"code": code_of()})
    assert client.get("/staff/").status_code == 200
    return client


def leave_for(client, minutes):
    """As if everything that this session did had been so long ago."""
    session = client.session
    session[sessions.TOUCHED] -= minutes * 60
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()


def is_asked(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith(AGAIN)


@pytest.mark.parametrize("path", ["/staff/", "/staff/cases/", "/staff/content/", "/", "/account/"])
def test_staff_who_left_their_desk_prove_again_who_they_are(adviser, outbox, path):
    client = at_the_desk(adviser)
    leave_for(client, 36)
    assert unquote(client.get(path).url) == f"{AGAIN}?next={path}"
    assert is_asked(client.get(path))  # asking twice opens nothing
    client.get(AGAIN)
    assert is_asked(client.get(path))  # nor does the page that asks
    client.post(f"{AGAIN}?next={path}", {"password": "wrong"})
    assert is_asked(client.get(path))
    assert client.post(f"{AGAIN}?next={path}", {"password": PASSWORD}).url == path
    assert not is_asked(client.get(path))
    assert SecurityEvent.objects.filter(user=adviser, kind="session_idle").count() == 1


def test_staff_who_work_are_not_asked(adviser, outbox):
    client = at_the_desk(adviser)
    for _ in range(4):
        leave_for(client, 25)
        assert client.get("/staff/").status_code == 200
    assert not SecurityEvent.objects.filter(kind="session_idle").exists()


def test_second_pause_is_recorded_again(adviser, outbox):
    client = at_the_desk(adviser)
    for pauses in (1, 2):
        leave_for(client, 36)
        client.get("/staff/")
        client.post(f"{AGAIN}?next=/staff/", {"password": PASSWORD})
        client.get("/staff/")
        assert SecurityEvent.objects.filter(user=adviser, kind="session_idle").count() == pauses


def new_customer_form(client) -> tuple[str, dict]:
    path = "/staff/serve/new/"
    return path, form_of(client, path) | {"name": "Edith Typed", "uprn": "none", "address_text": "3 New Mews\nBarnet"}


def test_form_that_was_typed_is_kept_and_goes_on_once(adviser, outbox):
    client = at_the_desk(adviser)
    path, typed = new_customer_form(client)
    leave_for(client, 36)
    asked = client.post(path, typed)
    assert is_asked(asked)
    assert not Customer.objects.filter(name="Edith Typed").exists()
    client.post(asked.url, {"password": PASSWORD})
    assert Customer.objects.filter(name="Edith Typed").count() == 1
    assert client.get(path).status_code == 200


def test_form_of_another_site_is_refused_and_not_kept(adviser, outbox):
    client = at_the_desk(adviser, enforce_csrf_checks=False)
    path, typed = new_customer_form(client)
    leave_for(client, 36)
    attacker = Client(enforce_csrf_checks=True)
    attacker.cookies = client.cookies
    assert attacker.post(path, typed).status_code == 403
    client.post(f"{AGAIN}?next={path}", {"password": PASSWORD})
    assert not Customer.objects.filter(name="Edith Typed").exists()


def test_new_password_is_not_kept_in_the_session(adviser, outbox):
    client = at_the_desk(adviser)
    leave_for(client, 36)
    new = {"oldpassword": PASSWORD, "password1": "three odd words here", "password2": "three odd words here"}
    assert is_asked(client.post("/account/security/password/", new))
    assert "three odd words" not in str(dict(client.session))


def test_what_a_script_sends_is_not_shown_as_a_page_afterwards(adviser, outbox):
    client = at_the_desk(adviser)
    path, typed = new_customer_form(client)
    leave_for(client, 36)
    asked = client.post(path, typed, headers={"sec-fetch-mode": "cors"})
    client.post(asked.url, {"password": PASSWORD})
    assert not Customer.objects.filter(name="Edith Typed").exists()


def test_page_that_was_left_open_is_no_use(adviser, outbox, rf):
    client = at_the_desk(adviser)
    leave_for(client, 25)
    before = client.session[sessions.TOUCHED]
    client.post("/staff/content/editing-sessions/ping/wagtailcore/page/1/1/")
    assert client.session[sessions.TOUCHED] == before
    leave_for(client, 11)
    assert is_asked(client.get("/staff/"))


def test_names_of_what_stays_open_are_those_of_addresses():
    numbered = {"ping": ["wagtailcore", "page", "1", 1], "release": [1]}
    for name in idle.OPEN | idle.BY_ITSELF:
        assert resolve(reverse(name, args=numbered.get(name.rpartition(":")[2], []))).view_name == name


def test_signing_out_needs_no_proof(adviser, outbox):
    client = at_the_desk(adviser)
    leave_for(client, 36)
    client.post("/account/sign-out/")
    assert SignInSession.objects.get().ended_at


def test_residents_are_not_asked_by_the_clock_of_the_desk(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    leave_for(client, 120)
    assert client.get("/account/").status_code == 200


def test_pause_is_a_setting(adviser, outbox, settings):
    settings.STAFF_IDLE_MINUTES = 5
    client = at_the_desk(adviser)
    leave_for(client, 11)
    assert is_asked(client.get("/staff/"))
