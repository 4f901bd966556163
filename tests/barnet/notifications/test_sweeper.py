import datetime as dt

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from barnet.notifications import sweeper
from barnet.notifications.delivery import take
from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Attempt, Message
from barnet.notifications.services import queue_message
from barnet.notifications.sweeper import sweep


@pytest.fixture
def message(kind, fields, db) -> Message:
    message = queue_message(kind.key, key="k", email="asha@example.com", fields=fields)[0]
    OrmQ.objects.all().delete()
    return message


def earlier(**span: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def test_a_message_that_has_just_got_its_task_is_left_alone(message):
    assert sweep() == 0


def test_a_message_whose_task_was_lost_gets_another_once(message):
    at = earlier(minutes=2)
    Message.objects.update(enqueued_at=at, due_at=at)
    assert (sweep(), sweep()) == (1, 0)
    assert OrmQ.objects.count() == 1


def test_a_retry_gets_a_task_when_its_time_has_come(message):
    Message.objects.update(enqueued_at=earlier(seconds=20), due_at=timezone.now() + dt.timedelta(seconds=1))
    assert sweep() == 0
    Message.objects.update(due_at=earlier(seconds=1))
    assert (sweep(), sweep()) == (1, 0)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.PARKED])
def test_a_settled_message_gets_none(message, state):
    Message.objects.update(state=state, enqueued_at=earlier(hours=1), due_at=earlier(hours=1))
    assert sweep() == 0


def test_an_interrupted_attempt_gets_a_task_before_its_time_is_over(message):
    take(str(message.pk))
    Message.objects.update(enqueued_at=earlier(seconds=10))
    assert sweep() == 0
    Attempt.objects.update(taker="0@0")
    assert (sweep(), sweep()) == (1, 0)


def test_an_interrupted_attempt_at_a_settled_message_is_closed_without_a_task(message):
    take(str(message.pk))
    Attempt.objects.update(taker="0@0")
    Message.objects.update(state=MessageState.SENT, enqueued_at=earlier(seconds=10))
    assert sweep() == 0
    assert Attempt.objects.get().outcome == AttemptOutcome.LOST


def test_a_long_queue_is_not_taken_for_lost_tasks(message, monkeypatch):
    monkeypatch.setattr(sweeper, "LONG_QUEUE", 2)
    OrmQ.objects.bulk_create([OrmQ(key="portal", payload="x", lock=earlier(seconds=1)) for _ in range(3)])
    at = earlier(minutes=2)
    Message.objects.update(enqueued_at=at, due_at=at)
    assert sweep() == 0
    OrmQ.objects.first().delete()
    assert sweep() == 1


def test_after_a_cluster_was_buried_nothing_waits_for_its_lost_tasks(message):
    assert sweep(lost_after=dt.timedelta(0)) == 1


def test_the_cost_does_not_grow_with_what_was_sent(kind, fields, db, django_assert_num_queries):
    for number in range(3):
        queue_message(kind.key, key=str(number), email="asha@example.com", fields=fields)
    Message.objects.update(state=MessageState.SENT)
    with django_assert_num_queries(3):
        sweep()
