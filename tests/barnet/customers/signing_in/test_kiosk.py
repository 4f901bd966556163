"""A browser that many people share: a visit ends with the session, the cookies and the stores of the browser."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from barnet.customers.models import KnownDevice, SecurityEvent
from barnet.customers.signing_in import devices, kiosk
from tests import factories
from tests.barnet.customers.signing_in.test_second_factor import code_of
from tests.people import give_authenticator

FINISH, SWITCH = "/account/kiosk/finish/", "/staff/security/kiosk/"
WARNED = "Finish and wipe"


@pytest.fixture
def librarian(db):
    return factories.StaffFactory(email="librarian@example.com", roles=["librarian"])


@pytest.fixture
def kiosk_client(client, librarian):
    client.force_login(librarian)
    client.post(SWITCH, {"turn": "on"})
    return client


def grow_idle(client, minutes):
    session = client.session
    session["kiosk_used_at"] -= minutes * 60
    session.save()


def test_switching_it_on_signs_staff_out_and_wipes(client, librarian):
    client.force_login(librarian)
    answer = client.post(SWITCH, {"turn": "on"})
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[kiosk.COOKIE]["httponly"]
    assert client.get(SWITCH).status_code == 302  # to sign in
    assert WARNED in client.get("/bins/").content.decode()


def test_the_cookie_that_knows_the_browser_of_staff_goes_when_it_becomes_a_kiosk(client, librarian):
    client.force_login(librarian)
    client.cookies[devices.COOKIE] = "x" * 30
    assert client.post(SWITCH, {"turn": "on"}).cookies[devices.COOKIE]["max-age"] == 0


def test_a_browser_without_the_signed_cookie_is_none(client, db):
    client.cookies[kiosk.COOKIE] = "on"
    assert WARNED not in client.get("/bins/").content.decode()


def test_only_staff_who_serve_switch_it(client, asha):
    client.force_login(asha.user)
    assert client.post(SWITCH, {"turn": "on"}).status_code == 404
    client.force_login(factories.StaffFactory(roles=["analyst"]))
    assert client.post(SWITCH, {"turn": "on"}).status_code == 403


def test_signing_out_wipes_as_finishing_does(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    kiosk_client.cookies["language"] = "pl"
    answer = kiosk_client.post("/account/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["forms"]["path"] == "/forms/"
    assert {answer.cookies[name]["max-age"] for name in ("forms", "language")} == {0}
    assert kiosk.COOKIE not in answer.cookies
    assert kiosk_client.get("/account/").status_code == 302


def test_signing_out_of_a_browser_of_ones_own_wipes_nothing(client, asha):
    client.force_login(asha.user)
    answer = client.post("/account/sign-out/")
    assert "Clear-Site-Data" not in answer
    assert "forms" not in answer.cookies


def test_finishing_ends_the_session_and_takes_every_other_cookie(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    kiosk_client.get("/account/")
    key = kiosk_client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = kiosk_client.post(FINISH)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    emptied = {name for name, cookie in answer.cookies.items() if cookie["max-age"] == 0}
    assert {settings.SESSION_COOKIE_NAME, "forms"} <= emptied
    assert kiosk.COOKIE not in emptied
    assert answer.cookies["forms"]["path"] == "/forms/"
    assert kiosk_client.get("/account/").status_code == 302


def test_elsewhere_finishing_does_nothing(client, asha):
    client.force_login(asha.user)
    assert "Clear-Site-Data" not in client.post(FINISH).headers
    assert client.get("/account/").status_code == 200


def test_a_pause_ends_the_visit_without_javascript(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    assert kiosk_client.get("/account/").status_code == 200
    grow_idle(kiosk_client, settings.KIOSK_IDLE_MINUTES - 1)
    assert kiosk_client.get("/account/").status_code == 200
    grow_idle(kiosk_client, settings.KIOSK_IDLE_MINUTES + 1)
    late = kiosk_client.get("/account/")
    assert late["Clear-Site-Data"]
    assert late["Location"] == "/"
    assert kiosk_client.get("/account/").status_code == 302


def test_what_a_page_asks_by_itself_keeps_no_visit_open(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    kiosk_client.get("/account/")
    grow_idle(kiosk_client, settings.KIOSK_IDLE_MINUTES - 1)
    before = kiosk_client.session["kiosk_used_at"]
    kiosk_client.get("/account/", headers={"Sec-Fetch-Mode": "cors"})
    assert kiosk_client.session["kiosk_used_at"] == before
    assert kiosk_client.post("/account/kiosk/stay/").status_code == 204
    assert kiosk_client.session["kiosk_used_at"] > before


def test_nothing_is_kept_for_a_person_on_the_device(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    assert kiosk_client.get(reverse("account_push")).status_code == 404
    for worker in ("push_worker", "field_worker"):
        assert kiosk_client.get(reverse(worker)).status_code == 404
    assert "no-store" in kiosk_client.get("/bins/")["Cache-Control"]
    assert devices.COOKIE not in kiosk_client.cookies


def test_signing_in_at_a_kiosk_leaves_no_device(kiosk_client, asha):
    kiosk_client.post(reverse("account_login"), {"login": asha.user.email, "password": factories.PASSWORD})
    assert kiosk_client.get("/account/").status_code == 200
    assert devices.COOKIE not in kiosk_client.cookies


def test_staff_make_it_ordinary_again(kiosk_client, librarian):
    kiosk_client.force_login(librarian)
    kiosk_client.post(SWITCH, {"turn": "off"})
    assert WARNED not in kiosk_client.get("/bins/").content.decode()


def test_switching_is_recorded_with_who_did_it(kiosk_client, librarian):
    kiosk_client.force_login(librarian)
    kiosk_client.post(SWITCH, {"turn": "off"})
    kiosk_client.post(SWITCH, {"turn": "off"})  # it is none any more
    kinds = SecurityEvent.objects.filter(user=librarian, kind__startswith="kiosk_").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["kiosk_on", "kiosk_off"]


def test_a_sign_in_at_a_kiosk_is_recorded_and_no_mail_says_new_device(kiosk_client, asha):
    asha.user.last_login = timezone.now()  # not the first sign-in
    asha.user.save()
    kiosk_client.post(reverse("account_login"), {"login": asha.user.email, "password": factories.PASSWORD})
    assert SecurityEvent.objects.filter(user=asha.user, kind="kiosk_sign_in").count() == 1
    assert not SecurityEvent.objects.filter(kind="new_device").exists()
    assert not KnownDevice.objects.exists()


@pytest.mark.parametrize("at_kiosk", [True, False])
def test_no_device_is_trusted_at_a_kiosk(kiosk_client, asha, at_kiosk):
    give_authenticator(asha.user)
    if not at_kiosk:
        kiosk_client.cookies.pop(kiosk.COOKIE)
    kiosk_client.post(reverse("account_login"), {"login": asha.user.email, "password": factories.PASSWORD})
    page = kiosk_client.get(reverse("mfa_authenticate")).content.decode()
    assert ('name="trust"' in page) != at_kiosk
    kiosk_client.post(reverse("mfa_authenticate"), {"code": code_of(), "trust": "on"})
    assert SecurityEvent.objects.filter(user=asha.user, kind="signed_in").exists()
    assert KnownDevice.objects.trusted(timezone.now()).exists() != at_kiosk


def test_without_javascript_the_page_leaves_by_itself_and_says_so(kiosk_client, client):
    page = kiosk_client.get("/bins/").content.decode()
    seconds = settings.KIOSK_IDLE_MINUTES * 60
    assert f'<noscript><meta http-equiv="refresh" content="{seconds + 2}; url=/"></noscript>' in page
    assert f"After {settings.KIOSK_IDLE_MINUTES} minutes on one page we end your visit" in page
    kiosk_client.cookies.pop(kiosk.COOKIE)
    assert "http-equiv" not in kiosk_client.get("/bins/").content.decode()


def test_no_file_is_given_out_at_a_kiosk(kiosk_client, asha):
    kiosk_client.force_login(asha.user)
    address = reverse("account_held_download")
    refused = kiosk_client.get(address)
    assert refused.status_code == 403
    assert "Content-Disposition" not in refused
    assert "Files cannot be saved here" in refused.content.decode()
    kiosk_client.cookies.pop(kiosk.COOKIE)
    assert kiosk_client.get(address)["Content-Disposition"].startswith("attachment")  # elsewhere it is theirs


def test_forms_at_a_kiosk_are_not_remembered_and_name_no_kind_of_answer(kiosk_client):
    address = reverse("account_login")
    page = kiosk_client.get(address).content.decode()
    forms = page.count("<form ")
    assert forms > 1
    assert page.count('<form autocomplete="off" ') == forms
    assert page.count("autocomplete=") == forms
    kiosk_client.cookies.pop(kiosk.COOKIE)
    elsewhere = kiosk_client.get(address).content.decode()
    assert 'autocomplete="email"' in elsewhere  # the control
    assert '<form autocomplete="off"' not in elsewhere


def test_every_visitor_of_a_kiosk_has_a_name_that_the_other_tabs_see(kiosk_client, asha):
    kiosk_client.get("/bins/")
    first = kiosk_client.cookies["screen"].value
    kiosk_client.force_login(asha.user)
    kiosk_client.get("/account/")
    kiosk_client.post(FINISH)
    assert kiosk_client.cookies["screen"].value == ""
    kiosk_client.get("/bins/")
    assert kiosk_client.cookies["screen"].value.startswith("visitor-")
    assert kiosk_client.cookies["screen"].value != first


def test_an_ordinary_browser_has_no_name(client, asha):
    client.force_login(asha.user)
    client.get("/account/")
    assert "screen" not in client.cookies


def test_a_kiosk_that_became_ordinary_keeps_no_name(kiosk_client, librarian):
    kiosk_client.force_login(librarian)
    kiosk_client.post(SWITCH, {"turn": "off"})
    kiosk_client.get("/bins/")
    assert kiosk_client.cookies["screen"].value == ""
