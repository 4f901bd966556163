"""Against a real SMTP server."""

from email import message_from_bytes

import pytest

from barnet.notifications.channels import message_id_of
from barnet.notifications.delivery import deliver
from barnet.notifications.enums import MessageState
from barnet.notifications.services import queue_message
from tests.barnet.notifications.servers import mail_server


@pytest.fixture
def server(settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server


@pytest.fixture
def send(kind, fields, db, server):
    def send(email="asha@example.com", **changed):
        [message] = queue_message(kind.key, key=f"to {email}", email=email, fields=fields | changed)
        deliver(str(message.pk))
        message.refresh_from_db()
        return message

    return send


def test_a_mail_arrives_as_plain_text_with_our_message_id(send, server):
    message = send(name="Ásha Ō’Neill 🗑")
    assert message.state == MessageState.SENT
    [mail] = map(message_from_bytes, server.taken)
    assert (mail["Message-ID"], mail["To"], mail["Auto-Submitted"]) == (
        message_id_of(message),
        "asha@example.com",
        "auto-generated",
    )
    assert mail.get_content_type() == "text/plain"
    assert "Ásha Ō’Neill 🗑" in mail.get_payload(decode=True).decode()


def test_a_refused_recipient_is_parked_at_once_with_the_servers_words(send, server):
    server.on_rcpt = "550 No such person"
    message = send()
    assert (message.state, message.attempt_count) == (MessageState.PARKED, 1)
    assert message.last_error == "550 No such person"
    assert message.attempts.get().handed_over_at is None


def test_a_refused_content_is_parked_at_once(send, server):
    server.on_data = "554 We do not like it"
    assert (send().state, server.taken) == (MessageState.PARKED, [])


@pytest.mark.parametrize("step", ["on_rcpt", "on_data", "on_mail"])
def test_a_refusal_for_now_is_tried_again(send, server, step):
    setattr(server, step, "451 Come back later")
    message = send()
    assert (message.state, message.attempt_count) == (MessageState.QUEUED, 1)
    assert "451 Come back later" in message.last_error


def test_a_refusal_of_ourselves_is_not_the_messages_fault(send, server):
    server.on_mail = "553 Who are you?"
    assert send().state == MessageState.QUEUED


def test_a_server_that_is_away_is_tried_again(send, settings):
    settings.EMAIL_PORT = 1
    message = send()
    assert message.state == MessageState.QUEUED
    assert "ConnectionRefusedError" in message.last_error
