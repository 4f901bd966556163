"""Where somebody is signed in: listed, ended one by one or all at once; what was ended is refused and recorded."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from barnet.customers.models import KnownDevice, SecurityEvent, SignInSession, User
from barnet.customers.signing_in import sessions
from tests.barnet.customers.signing_in.test_second_factor import sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
LIST = "/account/security/devices/"


def browser(user, agent=FIREFOX):
    client = Client(headers={"user-agent": agent})
    sign_in(client, user)
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def thief_of(client):
    """Somebody who copied the cookie of a session, and says to be the same browser."""
    thief = Client(headers={"user-agent": client.defaults.get("HTTP_USER_AGENT", "")})
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def kinds(user):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def row_of(client):
    return SignInSession.objects.get(pk=client.session[sessions.ROW])


def test_the_list_names_each_device_and_the_one_in_hand(asha, outbox):
    browser(asha.user, IPHONE)
    page = browser(asha.user).get(LIST).content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("This device") == 1


def test_one_session_is_ended_and_the_stolen_cookie_with_it(asha, outbox):
    mine, other = browser(asha.user), browser(asha.user, IPHONE)
    thief = thief_of(other)
    assert is_in(thief)

    assert mine.post(f"{LIST}{row_of(other).pk}/sign-out/").url == LIST

    assert not is_in(thief)
    assert not is_in(other)
    assert is_in(mine)
    assert kinds(asha.user).count("session_refused") == 1  # however often it is tried
    assert "session_ended" in kinds(asha.user)
    ended = SignInSession.objects.get(device="Safari on iPhone")
    assert ended.session_key == ""
    assert not Session.objects.filter(session_key=other.cookies["sessionid"].value).exists()


def test_signing_out_everywhere_voids_every_session_known_to_the_list_or_not(asha, outbox):
    mine, other = browser(asha.user), browser(asha.user, IPHONE)
    unlisted = Client()
    unlisted.force_login(asha.user)  # signed in before there was a list
    thief = thief_of(other)
    old_cookie_of_mine = thief_of(mine)

    assert mine.post(f"{LIST}sign-out-everywhere/").url == LIST

    assert [is_in(client) for client in (other, unlisted, thief, old_cookie_of_mine)] == [False] * 4
    assert is_in(mine)
    assert row_of(mine).ended_at is None
    assert mine.get(LIST).content.decode().count("Sign this one out") == 1
    assert "session_refused" in kinds(asha.user)
    assert "signed_out_everywhere" in kinds(asha.user)


def test_a_session_that_comes_back_to_the_store_is_void_all_the_same(asha, outbox):
    """A backup of the session table is laid back: the generation of the account has moved on."""
    mine, other = browser(asha.user), browser(asha.user, IPHONE)
    kept = Session.objects.get(session_key=other.cookies["sessionid"].value)
    mine.post(f"{LIST}sign-out-everywhere/")
    Session.objects.create(session_key=kept.session_key, session_data=kept.session_data, expire_date=kept.expire_date)
    assert not is_in(other)


def test_signing_out_ends_the_row_and_its_cookie(asha, outbox):
    client = browser(asha.user)
    thief = thief_of(client)
    client.post("/account/sign-out/")
    assert SignInSession.objects.get().ended_at
    assert not is_in(thief)
    assert kinds(asha.user)[-2:] == ["signed_out", "session_refused"]


def test_the_one_in_hand_can_be_ended_from_the_list(asha, outbox):
    client = browser(asha.user)
    assert client.post(f"{LIST}{row_of(client).pk}/sign-out/").url == "/"
    assert not is_in(client)


def test_nobody_ends_the_session_of_another(asha, cara, outbox):
    hers, cara_s = browser(asha.user), browser(cara.user)
    assert cara_s.post(f"{LIST}{row_of(hers).pk}/sign-out/").status_code == 404
    assert is_in(hers)
    assert b"Firefox" in cara_s.get(LIST).content
    assert cara_s.get(LIST).content.count(b"Sign this one out") == 1


def test_a_new_password_ends_the_sessions_elsewhere_and_follows_this_one(asha, outbox):
    mine, other = browser(asha.user), browser(asha.user, IPHONE)
    new = {"oldpassword": "correct horse battery", "password1": "three odd words here"}
    mine.post("/account/security/password/", {**new, "password2": new["password1"]})
    assert is_in(mine)
    assert not is_in(other)
    assert row_of(mine).ended_at is None
    assert SignInSession.objects.open().count() == 1
    mine.get("/account/")
    assert row_of(mine).session_key == mine.cookies["sessionid"].value  # it can still be ended from elsewhere
    third = browser(User.objects.get(pk=asha.user.pk))
    third.post("/account/sign-in/", {"login": asha.user.email, "password": new["password1"]})
    third.post(f"{LIST}{row_of(mine).pk}/sign-out/")
    assert not is_in(mine)


def test_a_session_given_by_an_attacker_is_not_the_one_that_is_signed_in(asha, outbox):
    """Fixation: the victim's browser starts with a session that the attacker knows."""
    attacker = Client()
    attacker.get("/account/sign-in/?next=/account/details/")
    session = attacker.session
    session["x"] = 1
    session.save()
    attacker.cookies["sessionid"] = session.session_key
    victim = Client()
    victim.cookies["sessionid"] = session.session_key
    sign_in(victim, asha.user)
    assert is_in(victim)
    assert not is_in(attacker)
    assert victim.cookies["sessionid"].value != session.session_key


def test_last_seen_is_kept_to_a_few_minutes_without_a_query_each_time(asha, outbox):
    client = browser(asha.user)
    row = row_of(client)
    SignInSession.objects.filter(pk=row.pk).update(last_seen_at=row.started_at.replace(year=2020))
    client.get("/account/security/")
    assert row_of(client).last_seen_at.year == 2020
    session = client.session
    session[sessions.TOUCHED] = int(time.time()) - sessions.TOUCH_EVERY - 1
    session.save()
    client.get("/account/security/")
    assert row_of(client).last_seen_at.year > 2020


def test_the_pages_cost_the_same_for_one_and_for_three(asha, outbox):
    mine = browser(asha.user)

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            mine.get(path)
        return len(captured)

    mine.get(LIST)
    few = [queries(LIST), queries("/account/security/activity/"), queries("/account/security/")]
    for _ in range(2):
        browser(asha.user, IPHONE)
    assert [queries(LIST), queries("/account/security/activity/"), queries("/account/security/")] == few


def test_nothing_kept_says_where_somebody_was(asha, outbox):
    client = Client(REMOTE_ADDR="203.0.113.77", headers={"user-agent": f"{FIREFOX} secret-build-77"})
    sign_in(client, asha.user)
    held = [*SecurityEvent.objects.values(), *SignInSession.objects.exclude(pk=0).values("device", "key_hash")]
    assert "203.0.113.77" not in str(held)
    assert "secret-build" not in str(held)
    event = SecurityEvent.objects.filter(kind="signed_in").get()
    assert len(event.visitor) == 16
    assert event.request_id


def test_devices_are_forgotten_after_a_year_without_a_sign_in(asha, outbox):
    browser(asha.user)
    assert sessions.forget_unused_devices() == "0 devices"
    KnownDevice.objects.update(last_seen_at="2020-01-01T00:00Z")
    assert sessions.forget_unused_devices() == "1 devices"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE customers_securityevent SET kind='x'", "DELETE FROM customers_securityevent"]
)
def test_the_record_cannot_be_edited(statement):
    SecurityEvent.objects.create(kind="signed_in")
    with pytest.raises(Exception, match="append_only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_ended_session_keeps_no_key(asha, outbox):
    browser(asha.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInSession.objects.update(ended_at="2026-01-01T00:00Z")
