"""GOV.UK Notify: what we hand over, what it says about it, and what happens when it says nothing."""

import datetime as dt
import json
import random
import threading
import time

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from barnet.notifications import throttle
from barnet.notifications.delivery import deliver, deliver_due, mark_handover, settle, take
from barnet.notifications.enums import AttemptOutcome, MessageState, Receipt
from barnet.notifications.models import Attempt, Message, SuppressedAddress, Throttle
from barnet.notifications.notify import client, polling
from barnet.notifications.notify.polling import poll_receipts
from barnet.notifications.services import queue_message, resend
from barnet.notifications.suppression import lift
from tests.barnet.notifications import notify_simulator
from tests.barnet.notifications.notify_simulator import CALLBACK_TOKEN, Moods, simulator
from tests.barnet.notifications.nursery import STEPS, nursery
from tests.waiting import LONG, wait_for

CALLBACK = "/notifications/notify/callback/"
ON_THE_LINE = 2  # seconds: what a worker left there, and Notify has not read yet, is lost after them


@pytest.fixture
def notify(settings):
    with simulator() as one:
        notify_simulator.use(settings, one.url)
        yield one


@pytest.fixture
def write(kind, fields, notify, db):
    def write(key="case:1:1", email="asha@example.com") -> Message:
        return queue_message(kind.key, key=key, email=email, fields=fields)[0]

    return write


@pytest.fixture
def tell(client, notify):
    def tell(message, status="delivered", *, token=CALLBACK_TOKEN, **told):
        told = {"id": "x", "reference": message.provider_reference, "status": status, **told}
        return client.post(CALLBACK, json.dumps(told), "application/json", headers={"Authorization": f"Bearer {token}"})

    return tell


def again(message: Message) -> str:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    return deliver(str(message.pk))


# --- Handing over ---


def test_mail_goes_with_our_words_and_a_reference_that_says_nothing(write, notify):
    message = write()
    assert deliver(str(message.pk)) == AttemptOutcome.DELIVERED
    (taken,) = notify.taken
    assert (taken["to"], taken["type"], taken["reference"]) == ("asha@example.com", "email", message.provider_reference)
    assert taken["content"] == {"subject": message.subject, "body": message.body}
    assert len(message.provider_reference) == 40
    assert "asha" not in message.provider_reference


@pytest.mark.parametrize(
    ("channel", "address", "sent"),
    [
        ("sms", "+447700900123", {"body": "short"}),
        (
            "letter",
            "Asha Owner\n1 High Street\nEN5 4AA",
            {
                "subject": "s",
                "body": "long",
                "address_line_1": "Asha Owner",
                "address_line_2": "1 High Street",
                "address_line_3": "EN5 4AA",
            },
        ),
    ],
)
def test_texts_and_letters_go_in_the_words_of_their_channel(notify, db, channel, address, sent):
    message = Message.objects.create(
        idempotency_key="k",
        template_key="x",
        channel=channel,
        address=address,
        subject="s",
        body="long",
        short="short",
        provider_reference="r",
    )
    assert deliver(str(message.pk)) == AttemptOutcome.DELIVERED
    assert notify.taken[0]["content"] == sent


def test_an_address_that_notify_refuses_is_given_up_at_once(write):
    message = write(email="nonsense")
    assert deliver(str(message.pk)) == AttemptOutcome.FAILED
    message.refresh_from_db()
    assert (message.state, message.attempt_count) == (MessageState.PARKED, 1)


def test_a_wrong_key_is_our_fault_and_is_tried_again(write, settings):
    settings.NOTIFY_API_KEY = settings.NOTIFY_API_KEY[:-1] + "9"
    message = write()
    deliver(str(message.pk))
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert "403" in message.last_error


@pytest.mark.parametrize(("mood", "copies"), [("error", 0), ("late", 1), ("drop", 1)])
def test_a_message_of_unknown_fate_is_asked_for_before_it_is_sent_again(write, notify, monkeypatch, mood, copies):
    monkeypatch.setattr(client, "TIMEOUT", 0.3)
    client._client_for.cache_clear()
    message = write()
    notify.moods = Moods(**{mood: 1}, patience=0.6)
    assert deliver(str(message.pk)) == AttemptOutcome.FAILED
    message.refresh_from_db()
    assert (len(notify.taken), message.state) == (copies, MessageState.QUEUED)
    assert message.due_at > timezone.now() + dt.timedelta(seconds=20)
    notify.moods = Moods()
    assert again(message) == AttemptOutcome.DELIVERED
    assert notify.copies() == {1: 1}
    client._client_for.cache_clear()


@pytest.fixture
def stuck(write, notify, monkeypatch):
    """A message that we gave up while it is on its way, and that Notify has not taken yet."""
    message = write()
    notify.moods = Moods(stuck=1, patience=60)
    with monkeypatch.context() as patched:
        patched.setattr(client, "TIMEOUT", 0.3)
        client._client_for.cache_clear()
        assert deliver(str(message.pk)) == AttemptOutcome.FAILED
        client._client_for.cache_clear()
    assert notify.taken == []
    notify.moods = Moods()
    return Message.objects.get(pk=message.pk)


def test_what_is_still_on_its_way_has_time_to_come(stuck, notify):
    assert stuck.due_at > timezone.now() + dt.timedelta(seconds=20)
    notify.line.set()
    wait_for(lambda: notify.taken, "the simulator")
    assert again(stuck) == AttemptOutcome.DELIVERED
    assert notify.copies() == {1: 1}


def test_without_waiting_what_is_still_on_its_way_arrives_twice(stuck, notify):
    """The control, and the one double that is left: Notify takes a message later than we ask for it."""
    assert again(stuck) == AttemptOutcome.DELIVERED
    notify.line.set()
    wait_for(lambda: notify.copies() == {2: 1}, "the second copy")


def test_what_a_killed_worker_had_on_the_line_has_time_to_come(write, notify):
    attempt = take(str(write().pk))
    mark_handover(attempt)
    attempt.refresh_from_db()
    settle(attempt)
    attempt.message.refresh_from_db()
    assert attempt.message.due_at > timezone.now() + dt.timedelta(seconds=20)


def test_what_a_killed_worker_had_not_sent_yet_goes_soon(write, notify):
    attempt = take(str(write().pk))
    settle(attempt)
    attempt.message.refresh_from_db()
    assert attempt.message.due_at < timezone.now() + dt.timedelta(seconds=15)


def test_too_many_is_no_attempt_and_holds_everybody_back(write, notify):
    message = write()
    notify.moods = Moods(too_many=1)
    assert deliver(str(message.pk)) == AttemptOutcome.POSTPONED
    message.refresh_from_db()
    assert (message.state, message.attempt_count) == (MessageState.QUEUED, 0)
    assert message.due_at > timezone.now()
    assert Throttle.objects.get().free_at > timezone.now() + dt.timedelta(seconds=3)
    notify.moods = Moods()
    assert again(message) == AttemptOutcome.POSTPONED  # the others wait, too
    Throttle.objects.all().delete()
    assert again(message) == AttemptOutcome.DELIVERED


# --- The limit ---


def test_in_no_minute_more_than_the_limit_goes_through(db):
    start, turns = time.monotonic(), []
    for _ in range(400):
        seconds = throttle.seconds_to_turn("t", per_minute=100, longest=3600)
        turns.append(time.monotonic() - start + seconds)
    for first in range(len(turns)):
        assert sum(turns[first] <= turn < turns[first] + 60 for turn in turns[first:]) <= 100
    assert turns[-1] < 60 * 400 / 75  # and the limit is used


def test_a_turn_that_is_too_far_away_is_not_taken(db):
    while throttle.seconds_to_turn("t", per_minute=60, longest=2) is not None:
        pass
    before = Throttle.objects.get().free_at
    assert throttle.seconds_to_turn("t", per_minute=60, longest=0) is None
    assert Throttle.objects.get().free_at == before


@pytest.mark.django_db(transaction=True)
def test_workers_share_the_limit_and_no_turn_is_given_twice():
    """Six seconds to a turn: no machine is so slow that a turn passes unused, so that the sum is exact."""
    turns = [throttle.seconds_to_turn("t", per_minute=22, longest=3600)]
    first = Throttle.objects.get().free_at

    def work():
        for _ in range(25):
            turns.append(throttle.seconds_to_turn("t", per_minute=22, longest=3600))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert None not in turns
    assert len(turns) == 101
    assert Throttle.objects.get().free_at - first == dt.timedelta(seconds=100 * 6)  # moved on by each of them
    assert turns.count(0) >= 11  # at once, after a quiet time


# --- Callbacks ---


def test_a_receipt_is_recorded(write, tell):
    message = write()
    deliver(str(message.pk))
    assert tell(message, completed_at="2026-11-25T12:15:30.000000Z").status_code == 204
    message.refresh_from_db()
    assert (message.receipt, message.receipt_at.hour) == (Receipt.DELIVERED, 12)


def test_a_receipt_that_comes_twice_late_or_backwards_changes_nothing(write, tell):
    message = write()
    deliver(str(message.pk))
    for status in ["delivered", "delivered", "sending", "created"]:
        assert tell(message, status).status_code == 204
    message.refresh_from_db()
    assert (message.receipt, message.state) == (Receipt.DELIVERED, MessageState.SENT)


def test_what_bounced_stands_where_staff_look(write, tell):
    message = write()
    deliver(str(message.pk))
    tell(message, "permanent-failure")
    tell(message, "permanent-failure")
    tell(message, "sending")
    message.refresh_from_db()
    assert (message.state, message.receipt) == (MessageState.PARKED, Receipt.PERMANENT_FAILURE)
    assert "no such address" in message.last_error


def test_a_receipt_that_overtakes_our_own_record_settles_the_attempt(write, notify, tell, monkeypatch):
    message = write()
    send = client.send

    def sends_and_hears(message):
        send(message)
        tell(message, "permanent-failure")

    monkeypatch.setattr(client, "send", sends_and_hears)
    deliver(str(message.pk))
    message.refresh_from_db()
    assert (message.state, message.receipt) == (MessageState.PARKED, Receipt.PERMANENT_FAILURE)
    assert not Attempt.objects.filter(outcome=AttemptOutcome.STARTED).exists()
    assert deliver(str(message.pk)) == "nothing to do"


def test_a_receipt_of_a_message_that_we_gave_up_says_that_it_was_sent(write, tell):
    message = write()
    Message.objects.filter(pk=message.pk).update(state=MessageState.PARKED, last_error="unknown")
    tell(message)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.SENT, "")


def test_a_letter_that_comes_back_has_failed(write, client, tell):
    message = write()
    deliver(str(message.pk))
    tell(message, "received")
    tell(message, None, notification_id="x", date_sent="2026-11-01T00:00:00Z")
    message.refresh_from_db()
    assert message.receipt == Receipt.PERMANENT_FAILURE


@pytest.mark.parametrize("token", ["", "wrong", CALLBACK_TOKEN[:-1], "é"])
def test_without_the_token_nothing_is_believed(write, tell, token):
    message = write()
    assert tell(message, token=token).status_code == 401
    message.refresh_from_db()
    assert message.receipt == ""


def test_without_a_token_of_ours_there_is_no_such_page(write, tell, settings):
    settings.NOTIFY_CALLBACK_TOKEN = ""
    assert tell(write(), token="").status_code == 404


@pytest.mark.parametrize("reference", [None, "", "unknown", "\x00", 7, ["x"], "x" * 5000])
def test_an_unknown_reference_is_harmless(write, tell, reference):
    message = write()
    assert tell(message, reference=reference).status_code == 204
    message.refresh_from_db()
    assert message.receipt == ""


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff", b"[" * 9000, b'"' + b"x" * 30_000 + b'"'])
def test_what_is_no_receipt_is_refused_in_words(client, notify, db, body):
    headers = {"Authorization": f"Bearer {CALLBACK_TOKEN}"}
    assert client.post(CALLBACK, body, "application/json", headers=headers).status_code == 400


@pytest.mark.parametrize("status", ["never-heard-of", None, 5, {}])
@pytest.mark.parametrize("at", ["yesterday", 5, "2026-99-99T00:00:00Z", "2026-11-25T12:00:00"])
def test_a_status_or_time_that_makes_no_sense_is_passed_over(write, tell, status, at):
    message = write()
    assert tell(message, status, completed_at=at).status_code == 204


def test_sent_again_after_it_failed_it_is_another_message_for_notify(write, notify, tell, dev, db):
    message = write()
    deliver(str(message.pk))
    tell(message, "permanent-failure")
    message.refresh_from_db()
    old = message.provider_reference
    assert lift(SuppressedAddress.objects.get(), by=dev, reason="Asha says that it works again")
    assert resend(message, by=dev)
    message.refresh_from_db()
    assert (message.receipt, message.provider_reference != old) == ("", True)
    assert deliver(str(message.pk)) == AttemptOutcome.DELIVERED
    assert notify.copies() == {1: 2}


# --- Asking ---


def sent_a_while_ago(message: Message, **ago) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now() - dt.timedelta(**ago or {"hours": 1}))


@pytest.mark.parametrize("few", [50, 0])
def test_receipts_that_no_callback_brought_are_asked_for(write, notify, monkeypatch, few):
    monkeypatch.setattr(polling, "FEW", few)
    messages = [write(key=f"k{n}") for n in range(3)]
    deliver_due()
    notify.taken[1]["status"] = "permanent-failure"
    for message in messages:
        sent_a_while_ago(message)
    assert poll_receipts() == "3 of 3 receipts"
    told = [Message.objects.get(provider_reference=taken["reference"]).receipt for taken in notify.taken]
    assert told == [Receipt.DELIVERED, Receipt.PERMANENT_FAILURE, Receipt.DELIVERED]
    assert poll_receipts() == "every receipt is here"


def test_callbacks_get_their_time_and_what_notify_forgot_is_not_asked_for(write, notify):
    fresh, old = write(key="a"), write(key="b")
    deliver_due()
    sent_a_while_ago(fresh, minutes=2)
    sent_a_while_ago(old, days=8)
    assert poll_receipts() == "every receipt is here"


def test_more_pages_than_one_are_read(write, notify, monkeypatch):
    monkeypatch.setattr(polling, "FEW", 0)
    message = write()
    deliver(str(message.pk))
    sent_a_while_ago(message)
    for n in range(300):
        notify.take("email", {"reference": f"other{n}"})
    assert poll_receipts() == "1 of 1 receipts"


def test_without_notify_nobody_is_asked(settings, db):
    assert poll_receipts() == "GOV.UK Notify is not set up"


# --- Killed, and in the worst of moods ---


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_wherever_the_worker_dies(kind, fields, notify):
    arrived = {}
    with nursery() as workers:
        for step in STEPS:
            message = queue_message(kind.key, key=step, email="asha@example.com", fields=fields)[0]
            order = {"database": connection.settings_dict["NAME"], "notify": notify.url}
            assert workers.work("deliver", message=str(message.pk), die=step, **order) == "SIGKILL"
            _heal(workers, order)
            copies = len(notify.by_reference.get(message.provider_reference, []))
            arrived[step] = (Message.objects.get(pk=message.pk).state, copies)
    assert arrived == dict.fromkeys(STEPS, (MessageState.SENT, 1))


@pytest.mark.django_db(transaction=True)
def test_without_asking_it_does_arrive_twice(kind, fields, notify):
    """The negative control."""
    with nursery() as workers:
        order = {"database": connection.settings_dict["NAME"], "notify": notify.url, "is_forgetful": True}
        message = queue_message(kind.key, key="k", email="asha@example.com", fields=fields)[0]
        assert workers.work("deliver", message=str(message.pk), die="sent, not recorded", **order) == "SIGKILL"
        _heal(workers, order)
    assert notify.copies() == {2: 1}


@pytest.mark.django_db(transaction=True)
def test_hundreds_of_messages_through_every_fault_with_workers_killed_at_random(kind, fields, notify, live_server):
    """Each arrives once; of each Notify's last word is known."""
    count = 400
    for n in range(count):
        queue_message(kind.key, key=f"k{n}", email=f"person{n}@example.com", fields=fields)
    notify.moods = Moods(
        error=0.03, too_many=0.01, late=0.01, drop=0.03, bounce=0.05, callback_twice=0.2, callback_backwards=0.2
    )
    notify.callback_url, notify.loses_after = live_server.url + CALLBACK, ON_THE_LINE
    killed = _drain_with_kills(notify.url, database=connection.settings_dict["NAME"])
    notify.callbacks.join()
    bounced = {taken["reference"] for taken in notify.taken if taken["status"] == "permanent-failure"}
    assert notify.copies() == {1: count}
    assert killed > 1
    assert min(notify.happened[mood] for mood in ("error", "late", "drop", "too_many")) > 0
    told = {message.provider_reference: (message.state, message.receipt) for message in Message.objects.all()}
    assert told == {
        reference: (MessageState.PARKED, Receipt.PERMANENT_FAILURE)
        if reference in bounced
        else (MessageState.SENT, Receipt.DELIVERED)
        for reference in notify.by_reference
    }


def _heal(workers, order) -> None:
    until = time.monotonic() + LONG
    while time.monotonic() < until and Message.objects.filter(state=MessageState.QUEUED).exists():
        _skip_waiting()
        assert workers.work("drain", **order) == "done"


def _skip_waiting() -> None:
    """Not for what is under way, nor for what a killed worker may have left on the line a moment ago."""
    moment = timezone.now() - dt.timedelta(seconds=2 * ON_THE_LINE)
    recent = Q(outcome=AttemptOutcome.STARTED) | Q(handed_over_at__gt=moment)
    started = Attempt.objects.filter(recent).values("message")
    waiting = Message.objects.filter(state=MessageState.QUEUED, due_at__gt=timezone.now()).exclude(pk__in=started)
    waiting.update(due_at=timezone.now(), attempt_count=0)
    Throttle.objects.all().delete()


def _drain_with_kills(url: str, *, database: str) -> int:
    killed, chance, lock = [], random.Random(7), threading.Lock()

    def one() -> None:
        with nursery() as workers:
            while Message.objects.filter(state=MessageState.QUEUED).exists():
                with lock:
                    _skip_waiting()
                    lives = chance.uniform(0.3, 3)
                ended = workers.work("drain", database=database, notify=url, lives=lives)
                if ended == "SIGKILL":
                    killed.append(ended)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(killed)
