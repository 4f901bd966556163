"""What Notify tells us of a message: late, twice, backwards, forged."""

import pytest

from barnet.notifications.delivery import deliver
from barnet.notifications.enums import AttemptOutcome, MessageState, Receipt
from barnet.notifications.models import Attempt, Message, SuppressedAddress
from barnet.notifications.notify import client
from barnet.notifications.services import resend
from barnet.notifications.suppression import lift
from tests.barnet.notifications.notify.places import CALLBACK
from tests.barnet.notifications.notify.simulating import CALLBACK_TOKEN


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
