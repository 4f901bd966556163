"""Finds what fell through: retries that are due, messages whose task was lost, attempts whose worker died.

It only writes tasks. Whoever runs one decides by compare-and-swap, so that one task too many is harmless.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.brokers import get_broker
from django_q.models import OrmQ

from barnet.notifications.delivery import enqueue, interrupted_attempts, record_failure
from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Message

# A task that was not run after this long is taken for lost, unless the queue is simply long.
LOST_AFTER = dt.timedelta(seconds=60)
LONG_QUEUE = 1000
AT_ONCE = 500


def sweep(*, lost_after: dt.timedelta = LOST_AFTER) -> int:
    """How many messages got a new task."""
    found = [*_interrupted(), *_without_task(lost_after)]
    return sum(_enqueue_again(message) for message in found)


def _interrupted() -> list[Message]:
    """An attempt at a message that another attempt has settled meanwhile needs no task: it is closed here."""
    messages = []
    for attempt in interrupted_attempts():
        if attempt.message.state != MessageState.QUEUED:
            record_failure(attempt, outcome=AttemptOutcome.LOST, reason=_("Another attempt had settled it."))
        elif attempt.message.enqueued_at < timezone.now() - dt.timedelta(seconds=5):
            messages.append(attempt.message)
    return messages


def _without_task(lost_after: dt.timedelta) -> list[Message]:
    now = timezone.now()
    needs = Q(enqueued_at__lt=F("due_at"))  # its time came after its last task was written
    if not _queue_is_long():
        needs |= Q(enqueued_at__lt=now - lost_after)
    due = Message.objects.filter(needs, state=MessageState.QUEUED, due_at__lte=now)
    return list(due.order_by("due_at")[:AT_ONCE])


def _queue_is_long() -> bool:
    if settings.QUEUE == "redis":
        return get_broker().queue_size() > LONG_QUEUE
    return OrmQ.objects.filter(lock__lte=timezone.now())[: LONG_QUEUE + 1].count() > LONG_QUEUE


@transaction.atomic
def _enqueue_again(message: Message) -> bool:
    """Compare-and-swap: of two sweepers one writes the task."""
    is_ours = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED, enqueued_at=message.enqueued_at).update(
        enqueued_at=timezone.now()
    )
    if is_ours:
        enqueue(message)
    return bool(is_ours)
