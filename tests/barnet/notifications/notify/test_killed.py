"""Workers die at every step and at random, and Notify is in the worst of moods: each message arrives once."""

import datetime as dt
import random
import threading
import time

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from barnet.notifications.enums import AttemptOutcome, MessageState, Receipt
from barnet.notifications.models import Attempt, Message, Throttle
from barnet.notifications.services import queue_message
from tests.barnet.notifications.notify.places import CALLBACK, ON_THE_LINE
from tests.barnet.notifications.notify.simulating import Moods
from tests.barnet.notifications.nursery import STEPS, nursery
from tests.waiting import LONG


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
