"""Receipts that no callback brought are asked for."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.notifications.delivery import deliver, deliver_due
from barnet.notifications.enums import Receipt
from barnet.notifications.models import Message
from barnet.notifications.notify import polling
from barnet.notifications.notify.polling import poll_receipts


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
