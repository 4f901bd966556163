"""What rooms and staff do with messages: write them (`writing`), take them back, send them again."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

import structlog
from django.db import transaction
from django.db.models import Case, CharField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.utils import timezone

from barnet.customers.models import Customer, User
from barnet.notifications.choice import email_ways
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState
from barnet.notifications.identity import provider_reference
from barnet.notifications.models import Attempt, Message, MessageTemplate
from barnet.notifications.queueing import enqueue
from barnet.notifications.registry import kinds
from barnet.notifications.writing import Telling, current_email, queue_message, queue_messages

__all__ = ["Telling", "current_email", "queue_message", "queue_messages"]

log = structlog.get_logger("barnet.notifications")


@transaction.atomic
def cancel_messages(key_prefix: str) -> int:
    """Takes back what was queued for the events whose key begins so and has not left yet. How many it was.

    An attempt that is under way counts as left. The key is free again: the same event may be queued anew.
    """
    return len(_cancel(_of_events([key_prefix])))


@transaction.atomic
def cancel_events(key_prefixes: Collection[str]) -> frozenset[str]:
    """`cancel_messages` for many, in as many statements as for one. Of which events something was taken back."""
    keys = _cancel(_of_events(key_prefixes)) if key_prefixes else []
    return frozenset(prefix for prefix in key_prefixes if any(key.startswith(prefix) for key in keys))


@transaction.atomic
def cancel_messages_to(customer: Customer) -> int:
    """Takes back whatever waits for somebody: nobody writes to the dead."""
    return len(_cancel(Message.objects.filter(customer=customer)))


def _of_events(key_prefixes: Collection[str]) -> QuerySet[Message]:
    if not all(key_prefixes):
        raise ValueError("Name the events to cancel: an empty beginning would cancel every message.")
    return Message.objects.filter(
        reduce(or_, [Q(idempotency_key__startswith=key_prefix) for key_prefix in key_prefixes])
    )


def _cancel(messages: QuerySet[Message]) -> list[str]:
    """The keys under which they were written."""
    waiting = messages.filter(state__in=[MessageState.QUEUED, MessageState.HELD])
    locked = dict(waiting.order_by("pk").select_for_update(of=("self",)).values_list("pk", "idempotency_key"))
    # Asked after the lock: an attempt is written under it.
    under_way = set(
        Attempt.objects.filter(message__in=locked, outcome=AttemptOutcome.STARTED).values_list("message", flat=True)
    )
    free = [pk for pk in locked if pk not in under_way]
    Message.objects.filter(pk__in=free).update(
        state=MessageState.CANCELLED,
        provider_reference="",
        body=Case(When(is_secret=True, then=Value("")), default=F("body"), output_field=TextField()),
        short=Case(When(is_secret=True, then=Value("")), default=F("short"), output_field=CharField()),
        idempotency_key=Left(Concat(Value("cancelled:"), Cast("pk", CharField()), Value(":"), "idempotency_key"), 200),
    )
    return [locked[pk] for pk in free]


# --- Afterwards -------------------------------------------------------------------------------------------------------


@transaction.atomic
def resend(message: Message, *, by: User) -> bool:
    """Gives a parked message five new attempts; anything else is left alone, so that asking twice sends once.

    It goes to the address that we hold for the customer now: a wrong one is the usual reason. A secret stays given up.
    """
    now = timezone.now()
    address = resend_address(message)
    is_ours = Message.objects.filter(pk=message.pk, state=MessageState.PARKED, is_secret=False).update(
        state=MessageState.QUEUED,
        attempt_count=0,
        due_at=now,
        enqueued_at=now,
        address=address,
        resent_by=by,
        resent_at=now,
        receipt="",
        receipt_at=None,
        provider_reference=provider_reference(message.idempotency_key, message.channel, str(now)),
    )
    if is_ours:
        enqueue(message)
        log.info("message sent again", message_id=str(message.pk), by=by.pk)
    return bool(is_ours)


def resend_many(messages: Iterable[Message], *, by: User) -> int:
    return sum(resend(message, by=by) for message in messages)


def may_be_resent(message: Message) -> bool:
    return message.state == MessageState.PARKED and not message.is_secret


def resend_address(message: Message) -> str:
    if message.channel != MessageChannel.EMAIL:
        return message.address
    usable = email_ways(message.customer) if message.customer else []
    return usable[0].address if usable else current_email(message.customer) or message.address


def mark_read(message: Message) -> None:
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


# --- Ground -----------------------------------------------------------------------------------------------------------


def ensure_templates() -> str:
    """One row per registered kind. Unedited rows follow the code's first wording, edited rows stay as they are."""
    rows = {row.key: row for row in MessageTemplate.objects.all()}
    for kind in kinds():
        first = str(kind.subject), str(kind.body), str(kind.short)
        row = rows.get(kind.key) or MessageTemplate(key=kind.key)
        if row.pk is not None and (row.first_subject, row.first_body, row.first_short) == first:
            continue
        if row.pk is None or not row.is_edited:
            row.subject, row.body, row.short = first
        row.first_subject, row.first_body, row.first_short = first
        row.save()
    return f"{len(kinds())} kinds of message"
