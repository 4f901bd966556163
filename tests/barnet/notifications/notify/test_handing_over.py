"""What we hand over to GOV.UK Notify, and what happens when it refuses or says nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.notifications.delivery import deliver, mark_handover, settle, take
from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Message, Throttle
from barnet.notifications.notify import client
from tests.barnet.notifications.notify.places import again
from tests.barnet.notifications.notify.simulating import Moods
from tests.waiting import wait_for


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
