"""What people try on accounts of others: refused each time, and in the record. (Passkeys and sessions: beside this.)"""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.models import AccessRecord, SecurityEvent
from barnet.operations import retention
from tests import factories
from tests.barnet.customers.signing_in.test_second_factor import code_of, sign_in
from tests.factories import PASSWORD
from tests.people import give_authenticator

SIGN_IN, STEP = "/account/sign-in/", "/account/sign-in/second-step/"


def guess(client, email="asha@example.com", password="not the password"):
    return client.post(SIGN_IN, {"login": email, "password": password})


def events(**found):
    return list(SecurityEvent.objects.filter(**found).order_by("pk").values_list("kind", flat=True))


def test_guessed_passwords_are_stopped_per_account_and_recorded(asha):
    for number in range(5):
        guess(Client(REMOTE_ADDR=f"203.0.113.{number}"))
    refused = guess(Client(REMOTE_ADDR="203.0.113.99"), password=PASSWORD)
    assert b"You tried too often" in refused.content
    assert events(user=asha.user) == ["password_refused"] * 5 + ["too_many_tries"]
    assert SecurityEvent.objects.values("visitor").distinct().count() == 6  # from six places


def test_guessing_many_accounts_from_one_place_is_stopped_and_recorded(db):
    client = Client()
    answers = [guess(client, email=f"p{number}@example.com") for number in range(11)]
    assert all(b"is not right" in answer.content for answer in answers[:10])
    assert b"You tried too often" in answers[10].content
    assert events(user=None) == ["password_refused"] * 10 + ["too_many_tries"]
    tried = SecurityEvent.objects.values_list("tried", flat=True)
    assert len(set(tried)) == 11
    assert "example.com" not in str(list(SecurityEvent.objects.values()))


def test_flood_that_gets_429_leaves_a_line_not_a_flood_of_lines(db, outbox):
    client = Client()
    codes = [client.post("/account/reset/", {"email": f"p{n}@example.com"}).status_code for n in range(30)]
    assert codes.count(429) == 10
    assert events() == ["too_many_tries"]


@pytest.mark.parametrize("forged", ["203.0.113.{n}", "203.0.113.{n}, 198.51.100.{n}", "127.0.0.1"])
def test_behind_one_proxy_a_forged_header_does_not_help(settings, db, forged):
    """The proxy appends where the request came from; what the visitor wrote before that is not believed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tried(number, visitor):
        header = f"{forged.format(n=number)}, {visitor}"
        client = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)
        return b"You tried too often" in guess(client, email=f"p{number}@example.com").content

    assert not any(tried(number, "192.0.2.1") for number in range(10))
    assert tried(10, "192.0.2.1")
    assert not tried(11, "192.0.2.2")  # the neighbour behind the same proxy goes on
    assert SecurityEvent.objects.values("visitor").distinct().count() == 2


def test_code_of_the_app_is_not_taken_twice_and_the_replay_is_recorded(asha):
    give_authenticator(asha.user)
    code = code_of()
    owner, thief = Client(), Client()
    for client in (owner, thief):
        sign_in(client, asha.user)
    owner.post(STEP, {"code": code})
    assert b"This code was used already" in thief.post(STEP, {"code": code}).content
    assert thief.get("/account/").status_code == 302
    assert events(user=asha.user, kind="second_step_replayed") == ["second_step_replayed"]


def test_guessed_codes_of_the_app_are_stopped_per_account_and_recorded(asha):
    give_authenticator(asha.user)
    for number in range(6):  # from another place each time
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(client, asha.user)
        client.post(STEP, {"code": "000000"})
    client = Client(REMOTE_ADDR="203.0.113.99")
    sign_in(client, asha.user)
    assert b"You tried too often" in client.post(STEP, {"code": code_of()}).content
    assert events(user=asha.user, kind="second_step_refused") == ["second_step_refused"] * 5
    assert events(user=asha.user, kind="too_many_tries") == ["too_many_tries"] * 2


def test_guessed_codes_from_an_email_are_recorded_for_known_and_unknown(asha, outbox):
    for email in ("asha@example.com", "nobody@example.com"):
        client = Client()
        client.post("/account/sign-in/code/", {"email": email})
        for _ in range(3):
            client.post("/account/sign-in/code/enter/", {"code": "XXXX-XXXX"})
    assert events(user=asha.user) == ["code_refused"] * 3
    assert events(user=None) == ["code_refused"] * 3


def test_a_code_is_good_in_the_browser_that_asked_only(asha, outbox):
    asked, thief = Client(), Client()
    asked.post("/account/sign-in/code/", {"email": "asha@example.com"})
    code = outbox.last.fields["code"]
    thief.post("/account/sign-in/code/", {"email": "asha@example.com"})
    assert thief.post("/account/sign-in/code/enter/", {"code": code}).status_code == 200
    assert asked.post("/account/sign-in/code/enter/", {"code": code}).url == "/account/"
    asked.post("/account/sign-out/")
    assert asked.post("/account/sign-in/code/enter/", {"code": code}).url != "/account/"


def test_change_of_email_is_told_to_the_old_address_at_once_and_a_new_password_stops_it(asha, outbox):
    thief = Client()
    sign_in(thief, asha.user)
    thief.post("/account/security/email/", {"email": "thief@example.org", "action_add": "1"})
    asked, confirm = outbox.mails[-2:]
    assert (asked.key, asked.email) == ("account-email-change-asked", "asha@example.com")
    assert asked.fields["new_email"] == "thief@example.org"
    assert (confirm.key, confirm.email) == ("account-confirm-email", "thief@example.org")
    assert "email_change_asked" in events(user=asha.user)

    owner = Client()
    owner.post("/account/reset/", {"email": "asha@example.com"})
    form = owner.get(outbox.last.fields["link"].removeprefix("http://testserver")).url
    owner.post(form, {"password1": "three odd words here", "password2": "three odd words here"})
    thief.post("/account/verify/", {"code": confirm.fields["code"]})

    asha.user.refresh_from_db()
    assert asha.user.email == "asha@example.com"
    assert thief.get("/account/").status_code == 302


def test_change_of_email_ends_the_sessions_elsewhere(asha, outbox):
    mine, other = Client(), Client()
    for client in (mine, other):
        sign_in(client, asha.user)
    mine.post("/account/security/email/", {"email": "asha@example.org", "action_add": "1"})
    mine.post("/account/verify/", {"code": outbox.last.fields["code"]})
    assert mine.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert "email_changed" in events(user=asha.user)


def test_record_shows_people_their_own_and_no_other(asha, cara):
    for user in (asha.user, cara.user):
        guess(Client(), email=user.email)
    client = Client()
    sign_in(client, cara.user)
    page = client.get("/account/security/activity/").content.decode()
    assert page.count("A wrong password was refused") == 1
    for junk in ("?page=0", "?page=x", "?page=99999999999999999999"):
        assert client.get(f"/account/security/activity/{junk}").status_code == 200


def test_closed_account_is_refused_by_every_way_and_each_is_recorded(outbox, db):
    user = factories.UserFactory(email="closed@example.com", is_active=False)
    assert guess(Client(), email=user.email, password=PASSWORD).url == "/account/sign-in/closed/"
    assert b"is not right" in guess(Client(), email=user.email).content
    assert events(user=user) == ["closed_refused", "password_refused"]


# --- The guardian of data looks at it ---


@pytest.fixture
def guardian(db):
    return factories.StaffFactory(email="gus@example.com", roles=["data_guardian"])


def test_guardian_finds_what_was_tried_on_an_account_and_the_look_is_recorded(client, guardian, asha, cara):
    for user in (asha.user, cara.user):
        guess(Client(), email=user.email)
    client.force_login(guardian)
    page = client.get("/staff/security/", {"email": "ASHA@example.com"}).content.decode()
    assert page.count("<strong>A wrong password was refused") == 1
    assert "cara@example.com" not in page
    seen = AccessRecord.objects.get()
    assert (seen.actor, seen.customer, seen.what) == (guardian, asha, "record of security")


def test_guardian_finds_tries_with_an_address_that_has_no_account(client, guardian):
    guess(Client(), email="nobody@example.com")
    guess(Client(), email="other@example.com")
    client.force_login(guardian)
    page = client.get("/staff/security/?email=nobody@example.com").content.decode()
    assert page.count("<strong>A wrong password was refused") == 1
    assert "No account" in page
    assert "<strong>" not in client.get("/staff/security/?kind=closed").content.decode().split("<main")[1]


def test_bad_filters_get_a_sentence(client, guardian):
    client.force_login(guardian)
    for query in ("email=x", "kind=nonsense", "since_0=99", "page=-1", "since_0=1&since_1=1&since_2=0001"):
        assert client.get(f"/staff/security/?{query}").status_code == 200


def test_the_page_costs_the_same_for_one_and_for_three(client, guardian, asha):
    client.force_login(guardian)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/staff/security/")
        return len(captured)

    guess(Client())
    one = queries()
    for _ in range(2):
        guess(Client(), email=factories.CustomerFactory().user.email)
    assert queries() == one


def test_others_may_not_look(client, dev, asha):
    client.force_login(dev)
    assert client.get("/staff/security/").status_code == 403
    client.force_login(asha.user)
    assert client.get("/staff/security/").status_code == 404


def test_record_ends_through_the_retention_schedule_alone(db):
    for days in (2 * 365 + 1, 1):
        SecurityEvent.objects.create(kind="signed_in", at=timezone.now() - dt.timedelta(days=days))
    retention.apply_all(keys=["security-events"])
    assert SecurityEvent.objects.count() == 1
