"""Staff need a second factor; nothing of the back office opens without one."""

import re
from types import SimpleNamespace

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories
from tests.factories import PASSWORD
from tests.people import SECRET, codes_shown_to, give_authenticator

STAFF_PATHS = [
    "/staff/",
    "/staff/cases/",
    "/staff/messages/",
    "/staff/content/",
    "/staff/content/pages/",
    "/staff/nothing-here/",
]


def code_of(secret=SECRET, step=0):
    """As the app shows it; `_still_clock` of the conftest keeps it from running out on the way."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(auth.time.time()) // app_settings.TOTP_PERIOD + step))


def sign_in(client, user, **more):
    return client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD, **more})


def staff_addresses():
    """Every address below /staff/, with 1 for every parameter."""

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if route.startswith("staff/") or "staff/".startswith(route):
                    yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and route.startswith("staff/"):
                yield "/" + re.sub(r"<[^>]+>", "1", route)

    return sorted(set(walk(get_resolver().url_patterns, "")))


def test_address_without_its_last_slash_opens_nothing(visitor, db):
    assert visitor.get("/staff").status_code in (301, 302)


def test_no_address_of_the_back_office_opens_without_a_second_factor(dev, outbox):
    give_authenticator(dev)
    by_code, visitor = Client(), Client()
    by_code.force_login(dev)  # signed in, but no second factor in this session
    addresses = staff_addresses()
    assert len(addresses) > 100  # the Wagtail admin is among them
    for address in addresses:
        assert visitor.get(address).url.startswith("/account/sign-in/?next=/staff"), address
        assert by_code.get(address).url.startswith("/account/sign-in/again/second-step/?next=/staff"), address
        assert by_code.post(address).status_code == 302, address


@pytest.mark.parametrize("path", STAFF_PATHS)
def test_residents_see_no_back_office(client, asha, path):
    client.force_login(asha.user)
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"Back office" not in answer.content


@pytest.mark.parametrize("path", STAFF_PATHS)
def test_staff_without_an_authenticator_are_led_to_set_one_up_and_nowhere_else(path, dev):
    client = Client()
    client.force_login(dev)
    assert client.get(path).url.startswith("/account/security/second-step/?next=/staff")


def test_password_alone_asks_staff_for_a_code(visitor, dev):
    give_authenticator(dev)
    assert sign_in(visitor, dev).url == "/account/sign-in/second-step/"
    assert visitor.get("/account/").status_code == 302  # not signed in at all yet
    assert visitor.get("/staff/").url.startswith("/account/sign-in/")

    answer = visitor.post("/account/sign-in/second-step/", {"code": code_of()})

    assert answer.status_code == 302
    assert visitor.get("/staff/").status_code == 200


def test_emailed_code_alone_asks_staff_for_a_code_of_the_app(visitor, dev, outbox):
    give_authenticator(dev)
    visitor.post("/account/sign-in/code/", {"email": dev.email})
    answer = visitor.post("/account/sign-in/code/enter/", {"code": outbox.last.fields["code"]})
    assert answer.url == "/account/sign-in/second-step/"
    assert visitor.get("/staff/").url.startswith("/account/sign-in/")
    visitor.post("/account/sign-in/second-step/", {"code": code_of()})
    assert visitor.get("/staff/").status_code == 200


def test_new_member_of_staff_sets_up_an_app_and_enters(visitor, outbox, db, django_capture_on_commit_callbacks):
    dev = factories.StaffFactory(email="fresh@example.com", roles=["caseworker"])
    sign_in(visitor, dev)
    answer = visitor.get("/staff/cases/")
    assert answer.url == "/account/security/second-step/?next=/staff/cases/"

    page = visitor.get(answer.url)  # no second question for the password: it was given just now
    text = page.content.decode()
    secret = re.search(r"portal-code[^>]*>([A-Z2-7]+)<", text).group(1)
    assert 'src="data:image/svg+xml;base64,' in text
    assert "style=" not in text

    wrong = visitor.post("/account/security/second-step/", {"code": "000000"}).content.decode()
    assert "This code is not right. Type the code that the app shows now." in wrong
    assert secret in wrong  # the same key: the app need not be set up anew
    with django_capture_on_commit_callbacks(execute=True):
        answer = visitor.post("/account/security/second-step/", {"code": code_of(secret)})

    assert answer.url == "/account/security/recovery-codes/"
    assert outbox.keys == ["account-second-step-added"]
    codes_page = visitor.get(answer.url).content.decode()
    assert 'href="/staff/cases/"' in codes_page
    assert len(re.findall(r"<code[^>]*>\d{8}</code>", codes_page)) == 10
    assert "data:text/plain" in codes_page
    again = visitor.get(answer.url).content.decode()  # shown once
    assert not re.findall(r"\d{8}", again.split("<main")[1].split("</main")[0])
    assert visitor.get("/account/security/recovery-codes/download/").status_code == 403
    assert visitor.get("/staff/").status_code == 200


def test_secret_is_not_in_the_database_in_the_clear(dev):
    held = give_authenticator(dev)
    assert SECRET not in str(held.data)
    assert held.wrap().validate_code(code_of())


def test_secrets_stay_readable_when_the_key_is_replaced(dev, settings):
    held = give_authenticator(dev)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert held.wrap().validate_code(code_of())


def test_code_opens_once(dev):
    give_authenticator(dev)
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, dev)
    assert first.post("/account/sign-in/second-step/", {"code": code}).status_code == 302
    refused = second.post("/account/sign-in/second-step/", {"code": f"{code[:3]} {code[3:]}"})
    assert refused.status_code == 200


@pytest.mark.parametrize(("step", "status"), [(-1, 200), (0, 302), (1, 200)])
def test_code_counts_for_its_own_half_minute_only(dev, step, status):
    give_authenticator(dev)
    client = Client()
    sign_in(client, dev)
    answer = client.post("/account/sign-in/second-step/", {"code": code_of(step=step)})
    assert answer.status_code == status
    assert client.get("/staff/").status_code == (200 if status == 302 else 302)


def test_code_is_refused_when_its_half_minute_is_over(dev, monkeypatch):
    give_authenticator(dev)
    code = code_of()
    then = auth.time.time()
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: then + app_settings.TOTP_PERIOD))
    client = Client()
    sign_in(client, dev)
    assert client.post("/account/sign-in/second-step/", {"code": code}).status_code == 200
    assert client.post("/account/sign-in/second-step/", {"code": code_of()}).status_code == 302


def test_recovery_code_opens_once(dev):
    give_authenticator(dev)
    codes = codes_shown_to(dev)
    for expected in (302, 200):
        client = Client()
        sign_in(client, dev)
        assert client.post("/account/sign-in/second-step/", {"code": codes[3]}).status_code == expected


def test_guessing_codes_is_stopped(dev):
    give_authenticator(dev)
    client = Client()
    sign_in(client, dev)
    for _ in range(5):
        client.post("/account/sign-in/second-step/", {"code": "000000"})
    refused = client.post("/account/sign-in/second-step/", {"code": code_of()})
    assert b"You tried too often" in refused.content


def test_removing_the_app_closes_the_back_office_at_once(client, dev, outbox):
    client.force_login(dev)
    assert client.get("/staff/").status_code == 200
    assert client.post("/account/security/second-step/remove/").url == "/account/security/"
    assert outbox.keys == ["account-second-step-removed"]
    assert client.get("/staff/").url.startswith("/account/security/second-step/")


def test_changing_the_second_step_asks_again_who_it_is_after_a_while(client, dev):
    client.force_login(dev)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    for path in ("/account/security/second-step/remove/", "/account/security/recovery-codes/new/"):
        assert client.get(path).url.startswith("/account/sign-in/again/?next=")
    assert client.get("/account/sign-in/again/?next=/account/security/").status_code == 200
    client.post("/account/sign-in/again/?next=/account/security/second-step/remove/", {"password": PASSWORD})
    assert client.get("/account/security/second-step/remove/").status_code == 200


def test_second_factor_of_another_person_does_not_count(client, dev, db):
    """The session of one member of staff is taken over by another's sign-in: the proof does not come along."""
    client.force_login(dev)
    other = factories.StaffFactory(email="other@example.com", roles=["caseworker"])
    give_authenticator(other)
    Client.force_login(client, other)
    assert client.get("/staff/").url.startswith("/account/sign-in/again/second-step/")


def test_resident_may_have_a_second_step_too(visitor, asha):
    give_authenticator(asha.user)
    assert sign_in(visitor, asha.user).url == "/account/sign-in/second-step/"
    assert visitor.post("/account/sign-in/second-step/", {"code": code_of()}).url == "/account/"


def test_wagtail_has_no_sign_in_of_its_own(client, visitor, dev, cara, db):
    other = factories.StaffFactory(email="other@example.com", roles=["editor"])
    client.force_login(dev)
    answer = client.post("/staff/content/login/", {"username": other.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(dev.pk)
    for path in ("/staff/content/password_reset/", "/staff/content/password_reset/confirm/MQ/x-y/"):
        assert client.get(path).url == "/account/reset/"
    assert visitor.get("/staff/content/login/").url.startswith("/account/sign-in/")
    assert client.get("/staff/content/logout/").url == "/account/sign-out/"
    assert client.post("/staff/content/logout/").url == "/"
    assert "_auth_user_id" not in client.session


def test_operator_helps_somebody_who_lost_their_telephone(dev, outbox, capsys):
    give_authenticator(dev)
    call_command("forget_authenticator", "DEV@example.com")
    assert not Authenticator.objects.filter(user=dev).exists()
    assert (outbox.last.key, outbox.last.email) == ("account-second-step-removed", dev.email)
    assert "dev@example.com sets up a new authenticator" in capsys.readouterr().out
    for unknown in ("dev@example.com", "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("forget_authenticator", unknown)
