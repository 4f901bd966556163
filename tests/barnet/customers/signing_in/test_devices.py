"""Devices: a new one is told to the owner, a resident may trust one, and trust ends with every sensitive change."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from barnet.customers.models import KnownDevice, SecurityEvent, User
from tests.barnet.customers.signing_in.test_second_factor import code_of, sign_in
from tests.factories import PASSWORD
from tests.people import codes_shown_to, give_authenticator

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
STEP, LIST = "/account/sign-in/second-step/", "/account/security/devices/"


def kinds(user):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def is_in(client):
    return client.get("/account/").status_code == 200


@pytest.fixture
def asha_s_own(asha, outbox):
    """A browser that Asha trusted."""
    give_authenticator(asha.user)
    client = Client(headers=FIREFOX)
    sign_in(client, asha.user)
    client.post(STEP, {"code": code_of(), "trust": "on"})
    assert is_in(client)
    client.post("/account/sign-out/")
    outbox.clear()
    return client


def is_spared(client, user):
    answer = sign_in(client, user)
    client.post("/account/sign-out/")
    return answer.url == "/account/"


def test_first_device_of_an_account_is_no_news_and_the_second_is(asha, outbox):
    own = Client(headers=FIREFOX)
    sign_in(own, asha.user)
    sign_in(own, asha.user)
    assert outbox.keys == []
    sign_in(Client(headers=FIREFOX), asha.user)
    assert outbox.keys == ["account-new-device"]
    assert outbox.last.email == asha.user.email
    assert outbox.last.fields["device"] == "Firefox on Linux"
    assert outbox.last.fields["devices_link"].endswith(LIST)
    assert kinds(asha.user)[-1] == "new_device"


def test_device_that_is_known_is_no_news_after_signing_out(asha, outbox):
    own = Client()
    for _ in range(3):
        sign_in(own, asha.user)
        own.post("/account/sign-out/")
    assert outbox.keys == []
    assert KnownDevice.objects.count() == 1


def test_two_people_at_one_browser_are_known_apart(asha, cara, outbox):
    shared = Client()
    sign_in(shared, asha.user)
    shared.post("/account/sign-out/")
    User.objects.filter(pk=cara.user.pk).update(last_login=timezone.now())
    sign_in(shared, cara.user)
    assert outbox.keys == ["account-new-device"]
    assert outbox.last.email == cara.user.email


def test_the_cookie_says_nothing_and_is_out_of_reach_of_scripts(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    cookie = client.cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(KnownDevice.objects.values()))


def test_trusted_device_is_spared_the_second_step_and_no_other_is(asha, asha_s_own):
    assert is_spared(asha_s_own, asha.user)
    assert not is_spared(Client(headers=FIREFOX), asha.user)
    assert "device_trusted" in kinds(asha.user)


@pytest.mark.parametrize("forged", ["", "x", "x" * 43, "../../etc", "é" * 30])
def test_forged_cookie_is_not_trusted(asha, asha_s_own, forged):
    thief = Client()
    thief.cookies["device"] = forged
    assert not is_spared(thief, asha.user)


def test_trust_of_one_person_is_not_that_of_another(asha, asha_s_own, cara):
    give_authenticator(cara.user, secret="KRSXG5CTMVRXEZLUKN2XAZLSKN2HE2LO")
    assert not is_spared(asha_s_own, cara.user)


def test_trust_ends_after_14_days(asha, asha_s_own):
    KnownDevice.objects.update(trusted_until=timezone.now() + dt.timedelta(minutes=1))
    assert is_spared(asha_s_own, asha.user)
    KnownDevice.objects.update(trusted_until=timezone.now() - dt.timedelta(minutes=1))
    assert not is_spared(asha_s_own, asha.user)


def test_staff_are_never_spared(dev, outbox):
    give_authenticator(dev)
    client = Client()
    sign_in(client, dev)
    assert b"Do not ask me again" not in client.get(STEP).content
    client.post(STEP, {"code": code_of(), "trust": "on"})
    assert is_in(client)
    assert not KnownDevice.objects.exclude(trusted_until=None).exists()
    KnownDevice.objects.update(
        trusted_until=timezone.now() + dt.timedelta(days=1)
    )  # trusted as a resident, hired since
    client.post("/account/sign-out/")
    assert sign_in(client, dev).url == STEP


def test_trust_is_listed_and_taken_away(asha, asha_s_own):
    sign_in(asha_s_own, asha.user)
    device = KnownDevice.objects.get()
    assert b"Trusted until" in asha_s_own.get(LIST).content
    assert asha_s_own.post(f"{LIST}{device.pk}/forget/").url == LIST
    asha_s_own.post("/account/sign-out/")
    assert not is_spared(asha_s_own, asha.user)
    assert "trust_ended" in kinds(asha.user)


def test_nobody_takes_away_the_trust_of_another(asha, asha_s_own, cara):
    stranger = Client()
    sign_in(stranger, cara.user)
    assert stranger.post(f"{LIST}{KnownDevice.objects.get(user=asha.user).pk}/forget/").status_code == 404
    assert is_spared(asha_s_own, asha.user)


def change_password(client, outbox):
    new = "three odd words here"
    client.post("/account/security/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    return new


def reset_password(client, outbox):
    client.post("/account/sign-out/")
    client.post("/account/reset/", {"email": "asha@example.com"})
    form = client.get(outbox.last.fields["link"].removeprefix("http://testserver")).url
    client.post(form, {"password1": "three odd words here", "password2": "three odd words here"})
    return "three odd words here"


def sign_out_everywhere(client, outbox):
    client.post(f"{LIST}sign-out-everywhere/")
    return PASSWORD


def new_recovery_codes(client, outbox):
    client.post("/account/security/recovery-codes/new/")
    return PASSWORD


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [change_password, reset_password, sign_out_everywhere, new_recovery_codes])
def test_trust_ends_with_every_change_of_how_the_account_is_entered(asha, asha_s_own, outbox, change):
    sign_in(asha_s_own, asha.user)
    password = change(asha_s_own, outbox)
    asha_s_own.post("/account/sign-out/")
    answer = asha_s_own.post("/account/sign-in/", {"login": asha.user.email, "password": password})
    assert answer.url == STEP


def test_owner_hears_when_few_recovery_codes_are_left(asha, outbox):
    give_authenticator(asha.user)
    codes = codes_shown_to(asha.user)
    for used, code in enumerate(codes[:8], start=1):
        client = Client()
        client.cookies["device"] = "the-same-device-each-time"
        sign_in(client, asha.user)
        client.post(STEP, {"code": code})
        assert is_in(client)
        assert ("account-recovery-codes-few" in outbox.keys) == (used == 8)
    assert outbox.last.fields["left"] == "2"
    assert b"Few left" in client.get("/account/security/").content
    assert kinds(asha.user).count("recovery_code_used") == 8


def test_alert_of_a_new_device_is_never_sent_for_a_refused_sign_in(asha, outbox):
    give_authenticator(asha.user)
    User.objects.filter(pk=asha.user.pk).update(last_login=timezone.now())
    thief = Client()
    sign_in(thief, asha.user)
    thief.post(STEP, {"code": "000000"})
    assert outbox.keys == []
    assert kinds(asha.user) == ["second_step_refused"]
    assert not KnownDevice.objects.exists()
