"""Messages for later, and how they are taken back."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from barnet.customers.acting_for import delegating
from barnet.customers.models import Customer
from barnet.notifications import delivery
from barnet.notifications.delivery import deliver, deliver_due
from barnet.notifications.enums import MessageState
from barnet.notifications.models import Attempt, MailboxMail, Message
from barnet.notifications.selectors import inbox_for
from barnet.notifications.services import cancel_messages, queue_message
from barnet.notifications.sweeper import sweep
from tests.waiting import LONG

TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def remind(kind, fields):
    def remind(key="bins:7:2026-12-01", **options):
        options = {"send_at": timezone.now() + TOMORROW, "email": "asha@example.com", **options}
        return queue_message(kind.key, key=key, fields=fields, **options)

    return remind


def come_due() -> None:
    Message.objects.filter(state=MessageState.QUEUED).update(
        due_at=timezone.now(), enqueued_at=timezone.now() - TOMORROW
    )


def test_a_reminder_waits_for_its_time_and_is_sent_then(remind, mailbox, db):
    remind()
    assert (sweep(), deliver_due(), OrmQ.objects.count()) == (0, 0, 0)
    come_due()
    assert (sweep(), deliver_due(), MailboxMail.objects.count()) == (1, 1, 1)


def test_a_reminder_is_not_in_the_inbox_before_its_time(remind, mailbox, asha):
    remind(customer=asha, email="")
    assert inbox_for(asha.user).count() == 0
    come_due()
    deliver_due()
    assert inbox_for(asha.user).count() == 1


def test_a_time_that_has_passed_is_now(remind, mailbox, asha):
    remind(customer=asha, email="", send_at=timezone.now() - TOMORROW)
    assert (inbox_for(asha.user).count(), deliver_due()) == (1, 1)


def test_cancelling_takes_back_the_events_of_its_prefix_and_no_others(remind, mailbox, asha):
    remind(customer=asha, email="")
    remind(key="bins:7:2026-12-08")
    remind(key="bins:70:2026-12-01")
    assert cancel_messages("bins:7:") == 3
    come_due()
    assert deliver_due() == 1
    assert inbox_for(asha.user).count() == 0
    assert MailboxMail.objects.count() == 1


def test_the_key_is_free_after_cancelling(remind, mailbox, db):
    for _ in range(3):
        remind()
        assert cancel_messages("bins:7:") == 1
    remind()
    come_due()
    assert deliver_due() == 1
    assert Message.objects.filter(state=MessageState.CANCELLED).count() == 3


def test_what_was_sent_is_not_taken_back(remind, mailbox, db):
    remind(send_at=None)
    deliver_due()
    assert cancel_messages("bins:7:") == 0


def test_a_long_key_is_cancelled_too(remind, db):
    remind(key="bins:7:" + "x" * 300)
    assert cancel_messages("bins:7:") == 1


def test_an_empty_prefix_is_a_mistake_of_the_caller(db):
    with pytest.raises(ValueError, match="every message"):
        cancel_messages("")


@pytest.mark.django_db(transaction=True)
def test_cancelling_waits_for_a_worker_that_takes_the_message_and_lets_it_go(remind, mailbox, monkeypatch):
    message = remind(send_at=None)[0]
    taken, go_on = threading.Event(), threading.Event()
    hand_over = delivery.mark_handover

    def held(attempt: Attempt) -> None:
        taken.set()
        go_on.wait(LONG)
        hand_over(attempt)

    monkeypatch.setattr(delivery, "mark_handover", held)

    def work() -> None:
        deliver(str(message.pk))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert taken.wait(LONG)
    with transaction.atomic():
        cancelled = cancel_messages("bins:7:")
    go_on.set()
    worker.join(LONG)
    message.refresh_from_db()
    assert (cancelled, message.state, MailboxMail.objects.count()) == (0, MessageState.SENT, 1)


# --- A death ---


def test_what_waits_for_somebody_who_died_is_cancelled_with_the_record_and_nobody_elses(
    remind, kind, fields, asha, ben, dev, mailbox
):
    sent = {message.pk for message in queue_message(kind.key, key="case:1", customer=asha, fields=fields)}
    deliver_due()
    late = {message.pk for message in remind(customer=asha, email="")}
    held = {message.pk for message in remind("bins:9", customer=asha, email="")}
    Message.objects.filter(pk__in=held).update(state=MessageState.HELD)
    others = {message.pk for message in remind("bins:8", customer=ben, email="")}

    delegating.record_death(asha, died_on=timezone.localdate(), by=dev)
    come_due()
    deliver_due()

    assert sent
    assert late
    assert held
    assert states(sent) == states(others) == {MessageState.SENT}
    assert states(late) == states(held) == {MessageState.CANCELLED}


def states(pks) -> set[str]:
    return set(Message.objects.filter(pk__in=pks).values_list("state", flat=True))


def test_message_that_did_not_see_the_death_is_not_sent(remind, asha, mailbox):
    messages = remind(customer=asha, email="")
    Customer.objects.filter(pk=asha.pk).update(died_on=timezone.localdate())
    come_due()
    for message in messages:
        assert deliver(str(message.pk)) == "no longer true"
    assert not MailboxMail.objects.exists()
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.CANCELLED}


def test_death_that_is_refused_cancels_nothing(remind, asha, dev):
    remind(customer=asha, email="")
    with pytest.raises(delegating.AuthorityRefusedError):
        delegating.record_death(asha, died_on=timezone.localdate() + TOMORROW, by=dev)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.QUEUED}
