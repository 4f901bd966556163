"""From the outbox to the channel.

Guarantee: a message whose change was committed is handed over at least once, or parked where staff see it; and never
twice to a channel that can say what it holds. For SMTP the window in which a killed worker leaves doubt is the time
between the command DATA and the server's answer; a copy sent after such doubt carries the same Message-ID.

Algorithm (`docs/decisions/outbox.md`), each numbered step a commit of its own:

1. settle   An attempt that nobody finished and whose worker is gone is closed: delivered if the channel has it, else
            lost.
2. take     Compare-and-swap: of any number of workers one gets the message, and its attempt is written down first.
3. mark     Right before the call that cannot be taken back. It fails when the attempt was settled meanwhile, so that a
            worker that was only asleep does not send what another took over.
4. hand over, then record the answer.

A task may run twice, late, or at the same time as its twin: whoever finds nothing to take does nothing.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.connections import living_connections, own_connection
from barnet.kit.logging import request_id_bound
from barnet.notifications.channels import channel_of
from barnet.notifications.enums import FAILURES, AttemptOutcome, MessageState
from barnet.notifications.errors import (
    NoLongerOursError,
    NotYetError,
    PermanentRefusalError,
    TemporaryRefusalError,
    UnknownFateError,
)
from barnet.notifications.fallback import give_up
from barnet.notifications.models import Attempt, Message
from barnet.notifications.queueing import enqueue
from barnet.notifications.registry import is_still_true
from barnet.notifications.suppression import is_suppressed

__all__ = ["deliver", "deliver_due", "enqueue"]

MAX_ATTEMPTS = 5
BACK_OFF = [dt.timedelta(seconds=10), dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30)]
# No attempt takes longer: the worker kills a task after 60 seconds (Q_CLUSTER).
LONGEST_ATTEMPT = dt.timedelta(seconds=120)
RECORDING_PAUSES = [0.1, 1, 5]  # seconds

log = structlog.get_logger("barnet.notifications")


def deliver(message_id: str) -> str:
    """The task. Returns what became of the message, for the log."""
    waiting = Message.objects.select_related("customer")
    message = waiting.filter(pk=uuid.UUID(message_id), state=MessageState.QUEUED).first()
    if message is None:
        return "nothing to do"
    with request_id_bound(message.request_id), structlog.contextvars.bound_contextvars(message_id=message_id):
        for attempt in interrupted_attempts(message):
            settle(attempt)
        if _is_to_the_dead(message) or not is_still_true(message):
            Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(state=MessageState.CANCELLED)
            return "no longer true"
        taken = take(message_id)
        if taken is None:
            return "not ours or not due"
        result = _attempt(taken)
        log.info("message attempt", kind=taken.message.template_key, channel=taken.message.channel, result=result)
        return result


def _is_to_the_dead(message: Message) -> bool:
    """Written by an act that did not see the death, which was recorded at the same moment."""
    return message.customer is not None and not message.customer.is_written_to


def deliver_due() -> int:
    """Delivers everything that is due in this process: for tests, benchmarks and a portal without a worker."""
    due = Message.objects.filter(state=MessageState.QUEUED, due_at__lte=timezone.now()).order_by("due_at")
    return sum(deliver(str(pk)) == AttemptOutcome.DELIVERED for pk in due.values_list("pk", flat=True))


# --- 1. settle --------------------------------------------------------------------------------------------------------


def interrupted_attempts(message: Message | None = None) -> list[Attempt]:
    """Attempts without an end whose worker is gone.

    A worker is alive while the database serves the connection with which it took the message. When that connection is
    gone, so is everything that the worker could still have written. The attempts are read before the connections: the
    other way round, an attempt that began in between would look orphaned.
    """
    unsettled = Attempt.objects.filter(outcome=AttemptOutcome.STARTED).select_related("message")
    if message is not None:
        unsettled = unsettled.filter(message=message)
    attempts = list(unsettled)
    if not attempts:
        return []
    alive = living_connections()
    too_old = timezone.now() - LONGEST_ATTEMPT
    return [attempt for attempt in attempts if attempt.taker not in alive or attempt.started_at < too_old]


def settle(attempt: Attempt) -> None:
    """Closes an interrupted attempt by asking the channel. Doubt counts as not delivered: better twice than never."""
    message, channel = attempt.message, channel_of(attempt.message.channel)
    if channel.has(message):
        record_delivered(attempt)
        return
    reason = (
        _("The worker stopped while it was sending. We do not know whether it was sent.")
        if attempt.handed_over_at
        else _("The worker stopped before it sent anything.")
    )
    wait = channel.may_still_take_it if attempt.handed_over_at else dt.timedelta()
    record_failure(attempt, outcome=AttemptOutcome.LOST, reason=reason, at_least=wait)


# --- 2. take ----------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def take(message_id: str) -> Attempt | None:
    """The attempt, committed before anything is sent; None when the message is not due or another worker has it.

    Two workers meet at the UPDATE: the second waits for the first, then finds `due_at` moved on, and gets nothing.
    """
    now = timezone.now()
    taken = Message.objects.filter(pk=message_id, state=MessageState.QUEUED, due_at__lte=now).update(
        attempt_count=F("attempt_count") + 1, due_at=now + LONGEST_ATTEMPT
    )
    if not taken:
        return None
    message = Message.objects.get(pk=message_id)
    number = message.attempts.count() + 1
    return Attempt.objects.create(message=message, number=number, taker=own_connection(), started_at=now)


# --- 3. mark ----------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def mark_handover(attempt: Attempt) -> None:
    held = Attempt.objects.filter(
        pk=attempt.pk, outcome=AttemptOutcome.STARTED, message__state=MessageState.QUEUED
    ).update(handed_over_at=timezone.now())
    if not held:
        raise NoLongerOursError


# --- 4. hand over and record ------------------------------------------------------------------------------------------


def _attempt(attempt: Attempt) -> str:
    message = attempt.message
    try:
        if is_suppressed(message):  # it died while the message waited
            raise PermanentRefusalError(_("What we send to this address comes back."))
        channel_of(message.channel).hand_over(message, lambda: mark_handover(attempt))
    except NoLongerOursError:
        record_failure(attempt, outcome=AttemptOutcome.LOST, reason=_("Another worker had taken over."))
        return AttemptOutcome.LOST
    except PermanentRefusalError as refusal:
        record_failure(
            attempt,
            outcome=AttemptOutcome.FAILED,
            reason=str(refusal),
            is_permanent=True,
            is_address_dead=refusal.is_address_dead,
        )
        return AttemptOutcome.FAILED
    except NotYetError as limit:
        postpone(attempt, limit)
        return AttemptOutcome.POSTPONED
    except Exception as error:  # whatever a channel does, the message stays
        # What a mail server says may name the person: staff read it on the message's page, the log does not.
        is_expected = isinstance(error, OSError | TemporaryRefusalError | UnknownFateError)
        log.warning("message attempt failed", error=type(error).__name__, exc_info=not is_expected)
        is_doubtful = isinstance(error, UnknownFateError)
        wait = channel_of(message.channel).may_still_take_it if is_doubtful else dt.timedelta()
        record_failure(attempt, outcome=AttemptOutcome.FAILED, reason=_describe(error), at_least=wait)
        return AttemptOutcome.FAILED
    _through_a_broken_connection(lambda: record_delivered(attempt))
    return AttemptOutcome.DELIVERED


def _through_a_broken_connection(record: Callable[[], None]) -> None:
    """The channel has the message: a database that is away for a moment shall not make us forget it."""
    for pause in RECORDING_PAUSES:
        try:
            return record()
        except (OperationalError, InterfaceError):
            log.warning("delivery not recorded yet", exc_info=True)
            connection.close()
            time.sleep(pause)
    return record()


@transaction.atomic(durable=True)
def record_delivered(attempt: Attempt) -> None:
    """The channel has it: true even when somebody took us for dead meanwhile and closed our attempt."""
    now = timezone.now()
    # The message first, then its attempts: in this order everybody locks, receipts too.
    Message.objects.select_for_update(of=("self",)).get(pk=attempt.message_id)
    Attempt.objects.filter(pk=attempt.pk).update(outcome=AttemptOutcome.DELIVERED, finished_at=now, error="")
    waiting = Message.objects.filter(pk=attempt.message_id, state__in=[MessageState.QUEUED, MessageState.PARKED])
    # A receipt may have come before this: what it said of the message's fate stands.
    waiting.exclude(receipt__in=FAILURES).update(state=MessageState.SENT, sent_at=now, last_error="")
    _blank_secret(attempt)


@transaction.atomic(durable=True)
def record_failure(
    attempt: Attempt,
    *,
    outcome: AttemptOutcome,
    reason: str,
    is_permanent: bool = False,
    is_address_dead: bool = False,
    at_least: dt.timedelta = dt.timedelta(),
) -> None:
    """Closes an open attempt; the message waits for the next one, or is parked after the last. A closed one stays."""
    now = timezone.now()
    message = Message.objects.select_for_update(of=("self",)).get(pk=attempt.message_id)
    closed = Attempt.objects.filter(pk=attempt.pk, outcome=AttemptOutcome.STARTED).update(
        outcome=outcome, finished_at=now, error=reason[:500]
    )
    if not closed or message.state != MessageState.QUEUED:
        return
    message.last_error = reason[:500]
    if is_permanent or message.attempt_count >= MAX_ATTEMPTS:
        give_up(message, is_address_dead=is_address_dead)
        log.error("message given up", kind=message.template_key, attempts=message.attempt_count)
    else:
        message.due_at = max(now + at_least, attempt.started_at + BACK_OFF[message.attempt_count - 1])
    message.save(update_fields=["state", "last_error", "due_at"])
    _blank_secret(attempt)


@transaction.atomic(durable=True)
def postpone(attempt: Attempt, limit: NotYetError) -> None:
    """The attempt does not count: nothing was wrong with it."""
    now = timezone.now()
    Message.objects.select_for_update(of=("self",)).get(pk=attempt.message_id)
    closed = Attempt.objects.filter(pk=attempt.pk, outcome=AttemptOutcome.STARTED).update(
        outcome=AttemptOutcome.POSTPONED, finished_at=now, error=str(limit)[:500]
    )
    if closed:
        Message.objects.filter(pk=attempt.message_id, state=MessageState.QUEUED).update(
            attempt_count=F("attempt_count") - 1, due_at=now + dt.timedelta(seconds=limit.seconds)
        )


def _blank_secret(attempt: Attempt) -> None:
    """A code is of no use once it is sent or given up: nobody shall find it here."""
    if attempt.message.is_secret:
        Message.objects.filter(pk=attempt.message_id).exclude(state=MessageState.QUEUED).update(body="", short="")


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
