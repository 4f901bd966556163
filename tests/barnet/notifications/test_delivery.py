import datetime as dt
import threading
import uuid

import pytest
import structlog
from django.db import OperationalError, connection
from django.utils import timezone

from barnet.notifications import channels, delivery
from barnet.notifications.channels import Channel, message_id_of, register_channel
from barnet.notifications.delivery import deliver, interrupted_attempts, settle, take
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState
from barnet.notifications.errors import NoLongerOursError, PermanentRefusalError, TemporaryRefusalError
from barnet.notifications.models import Attempt, MailboxMail, Message
from barnet.notifications.services import queue_message

DEAD = "0@0"  # no connection is called that


@pytest.fixture
def message(kind, fields, db) -> Message:
    return queue_message(kind.key, key="case:1:1", email="asha@example.com", fields=fields)[0]


class BrokenChannel(Channel):
    """Answers every attempt with the same error, and counts them."""

    key = MessageChannel.EMAIL

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
        self.calls = 0

    def has(self, message):
        return None

    def hand_over(self, message, mark_handover):
        mark_handover()
        self.calls += 1
        if self.error:
            raise self.error


@pytest.fixture
def channel(monkeypatch):
    def use(error: BaseException | None) -> BrokenChannel:
        broken = BrokenChannel(error)
        monkeypatch.setitem(channels._channels, MessageChannel.EMAIL, broken)
        return broken

    return use


def outcomes(message: Message) -> list[str]:
    message.refresh_from_db()
    return [attempt.outcome for attempt in message.attempts.all()]


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())


def test_deliver_sends_once_and_records_it(message, mailoutbox):
    assert deliver(str(message.pk)) == "delivered"
    assert outcomes(message) == ["delivered"]
    assert (message.state, message.last_error) == (MessageState.SENT, "")
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["asha@example.com"], "Your bin, BAR-7K3M-29QD")
    assert mail.extra_headers == {"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"}


def test_a_second_task_for_a_sent_message_does_nothing(message, mailoutbox):
    deliver(str(message.pk))
    assert deliver(str(message.pk)) == "nothing to do"
    assert len(mailoutbox) == 1


def test_a_task_for_a_deleted_message_does_nothing(db):
    assert deliver(str(uuid.uuid4())) == "nothing to do"


def test_a_message_is_not_sent_before_its_time(message, mailoutbox):
    Message.objects.update(due_at=timezone.now() + dt.timedelta(minutes=1))
    assert deliver(str(message.pk)) == "not ours or not due"
    assert mailoutbox == []


def test_a_failure_waits_longer_and_longer_then_parks(message, channel):
    broken = channel(ConnectionRefusedError("mail server away"))
    waits = []
    for _ in range(5):
        make_due(message)
        deliver(str(message.pk))
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds()))
    assert waits[:4] == [10, 60, 300, 1800]
    assert (message.state, broken.calls) == (MessageState.PARKED, 5)
    assert message.last_error == "ConnectionRefusedError: mail server away"
    make_due(message)
    deliver(str(message.pk))
    assert broken.calls == 5


def test_a_permanent_refusal_parks_at_once_with_its_reason(message, channel):
    broken = channel(PermanentRefusalError("550 no such mailbox"))
    deliver(str(message.pk))
    assert outcomes(message) == ["failed"]
    assert (message.state, message.last_error, broken.calls) == (MessageState.PARKED, "550 no such mailbox", 1)


def test_a_message_to_something_that_is_no_address_is_parked(kind, fields, db, mailoutbox):
    [message] = queue_message(kind.key, key="k", email="asha at example\r\nBcc: all@example.com", fields=fields)
    deliver(str(message.pk))
    assert outcomes(message) == ["failed"]
    assert (message.state, mailoutbox) == (MessageState.PARKED, [])


def test_the_workers_lines_carry_the_request_that_caused_them(message):
    Message.objects.update(request_id="req-7")
    seen = []
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        deliver(str(message.pk))
    seen = [line["request_id"] for line in logs if line["event"] == "message attempt"]
    assert seen == ["req-7"]


def test_no_line_of_the_log_tells_what_a_message_says_or_to_whom(message, channel):
    channel(TemporaryRefusalError("450 asha@example.com is over quota"))
    with structlog.testing.capture_logs() as logs:
        deliver(str(message.pk))
    channel(PermanentRefusalError("550 asha@example.com is unknown"))
    make_due(message)
    with structlog.testing.capture_logs() as more_logs:
        deliver(str(message.pk))
    logs += more_logs
    assert logs
    assert not any("Tuesday" in str(line) or "asha@example.com" in str(line) for line in logs)


def test_two_channels_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Two channels"):
        register_channel(channels.InboxChannel())


def test_the_message_id_is_made_of_the_event_not_of_the_row(message, settings):
    settings.BASE_URL = "https://portal.example"
    first = message_id_of(message)
    assert first == message_id_of(Message(idempotency_key=message.idempotency_key))
    assert first.endswith("@portal.example>")
    assert first != message_id_of(Message(idempotency_key="another"))


def test_a_queued_inbox_message_is_delivered_like_any_other(asha, db):
    message = Message.objects.create(
        idempotency_key="k", template_key="x", channel=MessageChannel.INBOX, customer=asha, subject="s", body="b"
    )
    assert deliver(str(message.pk)) == "delivered"
    assert outcomes(message) == ["delivered"]


# --- Secrets ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(secret_kind, db) -> Message:
    return queue_message(secret_kind.key, key="code:1", email="asha@example.com", fields={"code": "BCDF-GHJK"})[0]


def test_a_secret_is_sent_and_then_forgotten(secret, mailoutbox):
    deliver(str(secret.pk))
    secret.refresh_from_db()
    assert "BCDF-GHJK" in mailoutbox[0].body
    assert (secret.state, secret.body) == (MessageState.SENT, "")


def test_a_secret_that_is_given_up_is_forgotten_too(secret, channel):
    channel(PermanentRefusalError("no"))
    deliver(str(secret.pk))
    secret.refresh_from_db()
    assert (secret.state, secret.body) == (MessageState.PARKED, "")


def test_a_secret_that_waits_for_another_attempt_is_kept(secret, channel):
    channel(ConnectionRefusedError())
    deliver(str(secret.pk))
    secret.refresh_from_db()
    assert "BCDF-GHJK" in secret.body


def test_an_ordinary_message_is_kept(message, mailoutbox):
    deliver(str(message.pk))
    message.refresh_from_db()
    assert "Hello Asha" in message.body


# --- Interrupted attempts ---------------------------------------------------------------------------------------------


@pytest.fixture
def interrupted(message) -> Attempt:
    attempt = take(str(message.pk))
    Attempt.objects.filter(pk=attempt.pk).update(taker=DEAD)
    attempt.refresh_from_db()
    return attempt


def test_an_attempt_of_a_living_worker_is_left_alone(message, mailoutbox):
    take(str(message.pk))
    assert interrupted_attempts() == []
    assert deliver(str(message.pk)) == "not ours or not due"
    assert mailoutbox == []


def test_an_attempt_that_takes_longer_than_any_may_is_interrupted(message):
    attempt = take(str(message.pk))
    Attempt.objects.update(started_at=timezone.now() - delivery.LONGEST_ATTEMPT - dt.timedelta(seconds=1))
    assert interrupted_attempts() == [attempt]


def test_a_dead_workers_attempt_is_lost_when_the_channel_has_nothing(interrupted, mailbox):
    settle(interrupted)
    message = interrupted.message
    assert outcomes(message) == ["lost"]
    assert message.state == MessageState.QUEUED
    assert dt.timedelta(0) < message.due_at - timezone.now() <= dt.timedelta(seconds=10)


def test_a_dead_workers_attempt_is_delivered_when_the_channel_has_it(interrupted, mailbox):
    MailboxMail.objects.create(message_id=message_id_of(interrupted.message), to="a", subject="s", body="b")
    assert deliver(str(interrupted.message_id)) == "not ours or not due"
    message = interrupted.message
    assert outcomes(message) == ["delivered"]
    assert message.state == MessageState.SENT
    assert MailboxMail.objects.count() == 1


def test_staff_read_how_far_a_lost_attempt_came(interrupted):
    settle(interrupted)
    interrupted.refresh_from_db()
    assert interrupted.error == "The worker stopped before it sent anything."


def test_staff_read_that_it_is_not_known(interrupted):
    Attempt.objects.update(handed_over_at=timezone.now())
    interrupted.refresh_from_db()
    settle(interrupted)
    interrupted.refresh_from_db()
    assert interrupted.error.endswith("We do not know whether it was sent.")


def test_settling_twice_is_settling_once(interrupted, mailbox):
    settle(interrupted)
    settle(interrupted)
    assert outcomes(interrupted.message) == ["lost"]


def test_a_message_that_kills_every_worker_is_parked_after_five(message, mailbox):
    for _ in range(5):
        make_due(message)
        attempt = take(str(message.pk))
        Attempt.objects.filter(pk=attempt.pk).update(taker=DEAD)
        deliver(str(message.pk))
    assert outcomes(message) == ["lost"] * 5
    assert message.state == MessageState.PARKED
    make_due(message)
    assert take(str(message.pk)) is None


def test_a_worker_that_was_only_asleep_does_not_send_what_another_took_over(message, mailbox, monkeypatch):
    """It took the message, slept, was settled as lost, and wakes up right before it hands over."""
    asleep = take(str(message.pk))
    Attempt.objects.filter(pk=asleep.pk).update(taker=DEAD)
    deliver(str(message.pk))  # another settles
    with pytest.raises(NoLongerOursError):
        delivery.mark_handover(asleep)
    assert delivery._attempt(asleep) == AttemptOutcome.LOST
    assert MailboxMail.objects.count() == 0


def test_a_worker_that_was_taken_for_dead_while_it_sent_is_believed(message, mailbox):
    """Its attempt was closed as lost, then it reports success: nobody sends a second time."""
    slow = take(str(message.pk))
    delivery.mark_handover(slow)
    Attempt.objects.filter(pk=slow.pk).update(taker=DEAD)
    deliver(str(message.pk))
    delivery.record_delivered(slow)
    make_due(message)
    assert deliver(str(message.pk)) == "nothing to do"
    assert outcomes(message) == ["delivered"]


def test_a_late_failure_changes_nothing(message, channel):
    late = take(str(message.pk))
    delivery.record_delivered(late)
    delivery.record_failure(late, outcome=AttemptOutcome.FAILED, reason="late", is_permanent=True)
    assert outcomes(message) == ["delivered"]
    assert message.state == MessageState.SENT


def test_a_database_that_is_away_for_a_moment_does_not_make_us_forget(message, mailbox, monkeypatch):
    record, failures = delivery.record_delivered, [OperationalError("away"), OperationalError("away")]

    def flaky(attempt):
        if failures:
            raise failures.pop()
        record(attempt)

    monkeypatch.setattr(delivery, "record_delivered", flaky)
    monkeypatch.setattr(delivery, "RECORDING_PAUSES", [0, 0])
    monkeypatch.setattr(connection, "close", lambda: None)
    assert deliver(str(message.pk)) == "delivered"
    assert outcomes(message) == ["delivered"]


# --- At once ----------------------------------------------------------------------------------------------------------


def deliver_from_many_sides(message: Message, count: int = 8) -> None:
    barrier = threading.Barrier(count)

    def work():
        barrier.wait()
        try:
            deliver(str(message.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_takes_the_message(message, channel):
    counting = channel(None)
    deliver_from_many_sides(message)
    assert counting.calls == 1
    assert outcomes(message) == ["delivered"]


@pytest.mark.django_db(transaction=True)
def test_without_compare_and_swap_several_would_take_it(message, channel, monkeypatch):
    """The negative control of the test above: look first, write later."""
    barrier = threading.Barrier(8)

    def look_then_write(message_id):
        found = Message.objects.get(pk=message_id)
        barrier.wait()
        return Attempt(message=found) if found.state == MessageState.QUEUED else None

    counting = channel(None)
    monkeypatch.setattr(delivery, "take", look_then_write)
    monkeypatch.setattr(delivery, "mark_handover", lambda attempt: None)
    monkeypatch.setattr(delivery, "record_delivered", lambda attempt: None)
    deliver_from_many_sides(message)
    assert counting.calls == 8
