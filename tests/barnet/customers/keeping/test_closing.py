"""Closing an account: shut at once, called back by a code, anonymous after 14 days; what the council keeps stays."""

import datetime as dt
import threading

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from barnet.customers import access
from barnet.customers.keeping import closing
from barnet.customers.models import (
    AccessRecord,
    AccountClosure,
    Customer,
    Delegation,
    KnownDevice,
    SecurityEvent,
    SignInSession,
    User,
)
from barnet.kit import periodic
from tests import factories
from tests.barnet.customers.signing_in.test_second_factor import sign_in
from tests.pages import skeleton
from tests.people import give_authenticator


def is_in(client):
    return client.get("/account/").status_code == 200


def kinds(user):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def close(client, word="close "):
    return client.post("/account/close/", {"confirmation": word})


def by_code(client, outbox, email="asha@example.com"):
    client.post("/account/sign-in/code/", {"email": email})
    return client.post("/account/sign-in/code/enter/", {"code": outbox.last.fields.get("code", "XXXX-XXXX")})


@pytest.fixture
def closed(asha, outbox):
    """Asha closed her account a moment ago, on one of two devices."""
    client, other = Client(), Client()
    for each in (other, client):
        sign_in(each, asha.user)
    outbox.clear()
    assert close(client).url == "/account/close/done/"
    return client, other


def weeks_later():
    AccountClosure.objects.update(
        asked_at=timezone.now() - dt.timedelta(days=15), due_at=timezone.now() - dt.timedelta(days=1)
    )


@pytest.mark.parametrize("word", ["", "yes", "CLOSED", "x" * 500])
def test_nothing_is_closed_by_a_slip(asha, outbox, word):
    client = Client()
    sign_in(client, asha.user)
    assert b"Type CLOSE" in close(client, word).content
    assert is_in(client)
    assert not AccountClosure.objects.exists()


def test_closing_ends_every_session_and_tells_the_owner(asha, outbox, closed):
    client, other = closed
    assert not is_in(client)
    assert not is_in(other)
    assert outbox.keys == ["account-closing"]
    day = timezone.localdate() + closing.GRACE
    assert str(day.day) in outbox.last.fields["until"]
    assert kinds(asha.user)[-1] != "signed_in"
    assert "closing_asked" in kinds(asha.user)
    assert b"until when you can have it back" in client.get("/account/close/done/").content


def test_a_password_no_longer_opens_it_and_the_try_is_recorded(asha, outbox, closed):
    client = Client()
    assert sign_in(client, asha.user).url == "/account/sign-in/closed/"
    assert not is_in(client)
    assert b"sign in with a code by e-mail" in client.get("/account/sign-in/closed/").content
    assert kinds(asha.user)[-1] == "closed_refused"


def test_a_code_by_mail_calls_it_back(asha, outbox, closed):
    client = Client()
    assert by_code(client, outbox).url == "/account/"
    assert b"Your account is open again." in client.get("/account/").content
    assert "account-reopened" in outbox.keys
    assert "called_back" in kinds(asha.user)
    assert closing.close_due(timezone.now() + dt.timedelta(days=30)) == "0 accounts closed"
    client.post("/account/sign-out/")
    assert sign_in(Client(), asha.user).url == "/account/"


def test_calling_back_needs_the_second_step_too(asha, outbox):
    give_authenticator(asha.user)
    closing.ask_to_close(asha.user, request=None)
    client = Client()
    assert by_code(client, outbox).url == "/account/sign-in/second-step/"
    assert AccountClosure.objects.pending().exists()
    assert not is_in(client)


def test_wrong_password_and_registration_say_nothing_of_the_closing(asha, cara, outbox, closed):
    def pages(email):
        client = Client()
        wrong = client.post("/account/sign-in/", {"login": email, "password": "not the password"})
        made = client.post("/account/register/", {"email": email, "password1": "three odd words here"})
        return wrong.status_code, skeleton(wrong.content), made.status_code, made.url

    assert pages("asha@example.com") == pages("cara@example.com") == pages("nobody@example.com")


def test_nothing_happens_before_its_time(asha, outbox, closed):
    assert closing.close_due() == "0 accounts closed"
    assert closing.close_due(timezone.now() + dt.timedelta(days=13, hours=23)) == "0 accounts closed"
    asha.user.refresh_from_db()
    assert asha.user.email == "asha@example.com"


def test_after_the_grace_the_login_is_anonymous_and_the_record_of_the_council_stays(asha, ben, dev, outbox):
    give_authenticator(asha.user)
    client = Client()
    client.force_login(asha.user)
    case = factories.CaseFactory(customer=asha)
    access.record(actor=dev, customer=asha, what="customer", purpose="a call")
    closing.ask_to_close(asha.user, request=None)
    weeks_later()
    outbox.clear()

    assert closing.close_due() == "1 accounts closed"

    user = User.objects.get(pk=asha.user.pk)
    assert "asha" not in f"{user.email} {user.first_name} {user.last_name}".lower()
    assert (user.is_active, user.has_usable_password()) == (False, False)
    for ways_in in (EmailAddress, Authenticator, KnownDevice, SignInSession):
        assert not ways_in.objects.filter(user=user).exists()
    assert (outbox.keys, outbox.last.email) == (["account-closed"], "asha@example.com")
    kept = Customer.objects.get(pk=asha.pk)
    assert (kept.name, kept.email, kept.user_id) == ("Asha Owner", "asha@example.com", user.pk)
    case.refresh_from_db()
    assert case.customer == kept
    assert AccessRecord.objects.filter(customer=kept).exists()
    assert not Delegation.objects.filter(principal=kept, revoked_at=None).exists()
    assert kinds(user)[-1] == "closed"
    assert closing.close_due() == "0 accounts closed"  # safe to run again


def test_after_the_grace_the_address_is_unknown_and_whoever_has_it_next_sees_nothing_old(asha, outbox, closed):
    weeks_later()
    closing.close_due()
    outbox.clear()
    client = Client()
    assert sign_in(client, asha.user).status_code == 200  # as for any unknown address
    by_code(client, outbox)
    assert outbox.keys == ["account-unknown"]
    new = Client()
    new.post("/account/register/", {"email": "asha@example.com", "password1": "three odd words here"})
    new.post("/account/verify/", {"code": outbox.last.fields["code"]})
    assert is_in(new)
    assert User.objects.get(email="asha@example.com").customer.pk != asha.pk


def test_staff_cannot_close_theirs(dev, client, outbox):
    client.force_login(dev)
    assert b"your administrator does that" in client.get("/account/close/").content
    close(client)
    assert not AccountClosure.objects.exists()
    with pytest.raises(closing.ClosingRefusedError):
        closing.ask_to_close(dev, request=None)


def test_somebody_who_became_staff_meanwhile_is_not_closed(asha, outbox, closed):
    User.objects.filter(pk=asha.user.pk).update(is_staff=True)
    weeks_later()
    assert closing.close_due() == "0 accounts closed"


def test_a_sent_form_that_arrives_twice_closes_once(asha, outbox):
    first = closing.ask_to_close(asha.user, request=None)
    assert closing.ask_to_close(asha.user, request=None) == first
    assert outbox.keys == ["account-closing"]


def test_the_nightly_job_is_registered():
    assert periodic.job_of("customers: closed accounts").function is closing.close_due


@pytest.mark.django_db(transaction=True)
def test_calling_back_and_closing_at_one_moment_leave_one_of_both(outbox):
    """Twenty times over: either the account is open as it was, or it is anonymous; never half of each."""
    for number in range(20):
        user = factories.UserFactory(email=f"race{number}@example.com")
        closing.ask_to_close(user, request=None)
        weeks_later_of(user)
        together(lambda user=user: closing.call_back(user, request=None), closing.close_due)
        user.refresh_from_db()
        closure = AccountClosure.objects.get(user=user)
        assert (closure.called_back_at is None) != (closure.closed_at is None)
        assert (user.email == f"race{number}@example.com") == (closure.called_back_at is not None)
        assert user.is_active == (closure.called_back_at is not None)


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_a_calling_back_that_is_not_done_yet_and_then_leaves_the_account(outbox):
    """A second connection has called it back and not committed: the nightly job comes, waits, and finds it open."""
    user = due_account()
    called, ended = threading.Event(), threading.Event()

    def call_back():
        with transaction.atomic():
            closing.call_back(user, request=None)
            called.set()
            assert not ended.wait(0.5)  # the job is at the door, and does not get in

    def close():
        assert called.wait(10)
        closing.close_due()
        ended.set()

    together(call_back, close)
    user.refresh_from_db()
    assert (user.is_active, user.email) == (True, "due@example.com")
    assert AccountClosure.objects.get(user=user).closed_at is None


@pytest.mark.django_db(transaction=True)
def test_without_a_look_at_the_state_both_would_happen_and_the_database_refuses_the_second(outbox, monkeypatch):
    """The control: it is the state, looked at in turn, that leaves one of both without an error."""
    user = due_account()
    monkeypatch.setattr(type(AccountClosure.objects.all()), "pending", lambda self: self.all())
    failed = []

    def attempt(work):
        try:
            work()
        except IntegrityError as wrong:
            failed.append(str(wrong))

    together(
        lambda: attempt(lambda: closing.call_back(user, request=None)),
        lambda: attempt(closing.close_due),
    )
    assert len(failed) == 1
    assert "closure_called_back_or_done" in failed[0]


def due_account() -> User:
    user = factories.UserFactory(email="due@example.com")
    closing.ask_to_close(user, request=None)
    weeks_later_of(user)
    return user


def weeks_later_of(user):
    AccountClosure.objects.filter(user=user).update(
        asked_at=timezone.now() - dt.timedelta(days=15), due_at=timezone.now() - dt.timedelta(days=1)
    )


def together(*works):
    barrier = threading.Barrier(len(works))

    def run(work):
        try:
            barrier.wait()
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
