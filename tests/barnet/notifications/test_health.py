import datetime as dt

import pytest
from django.utils import timezone

from barnet.kit.health import NotReadyError
from barnet.notifications.health import check_queue
from barnet.notifications.models import Message, Pulse
from barnet.notifications.services import queue_message


def ago(**span: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def test_a_new_portal_is_ready(db):
    assert check_queue() == "no worker yet, no message waits"


def test_a_beating_worker_is_reported(db):
    Pulse.objects.create(name="one", beat_at=ago(seconds=10))
    Pulse.objects.create(name="retired", beat_at=ago(days=10))
    assert check_queue().startswith("worker alive 10 seconds ago")


def test_a_silent_worker_is_not_ready(db):
    Pulse.objects.create(name="one", beat_at=ago(minutes=7))
    with pytest.raises(NotReadyError, match="7 minutes"):
        check_queue()


def test_a_message_that_waits_too_long_is_not_ready(kind, fields, db):
    queue_message(kind.key, key="k", email="a@example.com", fields=fields)
    assert "oldest message due for" in check_queue()
    Message.objects.update(due_at=ago(minutes=6))
    with pytest.raises(NotReadyError, match="6 minutes"):
        check_queue()
