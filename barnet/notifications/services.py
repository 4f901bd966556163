"""Writing messages into the outbox, and what people do with them afterwards."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping

import structlog
from django.db import transaction
from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.utils import timezone

from barnet.customers.models import Customer, User
from barnet.kit.logging import current_request_id
from barnet.notifications.channels import channel_of
from barnet.notifications.delivery import enqueue
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState
from barnet.notifications.models import Message, MessageTemplate
from barnet.notifications.registry import TemplateKind, kind_of, kinds
from barnet.notifications.rendering import render

log = structlog.get_logger("barnet.notifications")


@transaction.atomic
def queue_message(
    template_key: str,
    *,
    key: str,
    customer: Customer | None = None,
    email: str = "",
    fields: Mapping[str, object],
    about: str = "",
    channels: Collection[MessageChannel] | None = None,
    send_at: dt.datetime | None = None,
) -> list[Message]:
    """Writes one message per channel that reaches the person, with its task, in the caller's transaction.

    `key` names the event ("case:17:204"): the same event, recipient and channel a second time writes nothing and
    returns the first message. E-mail goes to `email`, else to the customer's address; the inbox needs a login. Nobody
    to reach is an empty list. `channels` narrows the choice; a secret goes by e-mail only.

    With `send_at` it is a reminder: nothing of it is seen, in the inbox either, before that moment, and
    `cancel_messages` takes it back.
    """
    kind = kind_of(template_key)
    addresses = {
        channel: address
        for channel, address in _addresses(kind, customer, email).items()
        if channels is None or channel in channels
    }
    if not addresses:
        return []
    words = render(kind, fields)
    now = timezone.now()
    is_reminder = send_at is not None and send_at > now
    rows = [
        Message(
            idempotency_key=_idempotency_key(key, channel, address),
            template_key=kind.key,
            channel=channel,
            customer=customer,
            address=address if channel == MessageChannel.EMAIL else "",
            about=about,
            subject=words.subject,
            body=words.body,
            is_secret=kind.is_secret,
            due_at=send_at if is_reminder else now,
            enqueued_at=now,
            created_at=now,
            request_id=current_request_id()[:64],
            **({} if is_reminder else _delivered_by_commit(channel)),
        )
        for channel, address in addresses.items()
    ]
    return _store(rows)


def _store(rows: list[Message]) -> list[Message]:
    """Of two that write the same key at once the second waits for the first, and then writes nothing."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {
        row.idempotency_key: row
        for row in Message.objects.filter(idempotency_key__in=[r.idempotency_key for r in rows])
    }
    for row in rows:
        is_new = stored[row.idempotency_key].pk == row.pk
        if is_new and row.state == MessageState.QUEUED and row.due_at <= row.enqueued_at:
            enqueue(row)  # what is due later gets its task from the sweeper, when its time has come
    return [stored[row.idempotency_key] for row in rows]


def _addresses(kind: TemplateKind, customer: Customer | None, email: str) -> dict[MessageChannel, str]:
    addresses = {}
    if address := email or current_email(customer):
        addresses[MessageChannel.EMAIL] = address.strip()
    if customer is not None and customer.user_id and not kind.is_secret:
        addresses[MessageChannel.INBOX] = f"customer {customer.pk}"
    return addresses


def current_email(customer: Customer | None) -> str:
    if customer is None:
        return ""
    return customer.email or (customer.user.email if customer.user else "")


def _delivered_by_commit(channel: MessageChannel) -> dict[str, object]:
    if channel_of(channel).is_delivered_by_commit:
        return {"state": MessageState.SENT, "sent_at": timezone.now()}
    return {}


def _idempotency_key(key: str, channel: MessageChannel, address: str) -> str:
    full = f"{key}:{channel}:{address.lower()}"
    return full if len(full) <= 200 else f"{full[:100]}:{hashlib.sha256(full.encode()).hexdigest()}"


@transaction.atomic
def cancel_messages(key_prefix: str) -> int:
    """Takes back what was queued for the events whose key begins so and has not left yet. How many it was.

    An attempt that is under way counts as left. The key is free again: the same event may be queued anew.
    """
    if not key_prefix:
        raise ValueError("Name the events to cancel: an empty beginning would cancel every message.")
    waiting = Message.objects.filter(idempotency_key__startswith=key_prefix, state=MessageState.QUEUED)
    locked = list(waiting.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    # Asked after the lock: an attempt is written under it.
    free = Message.objects.filter(pk__in=locked).exclude(attempts__outcome=AttemptOutcome.STARTED)
    return free.update(
        state=MessageState.CANCELLED,
        body=Case(When(is_secret=True, then=Value("")), default=F("body"), output_field=TextField()),
        idempotency_key=Left(Concat(Value("cancelled:"), Cast("pk", CharField()), Value(":"), "idempotency_key"), 200),
    )


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
    return current_email(message.customer) or message.address


def mark_read(message: Message) -> None:
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


# --- Ground -----------------------------------------------------------------------------------------------------------


def ensure_templates() -> str:
    """One row per registered kind. Unedited rows follow the code's first wording, edited rows stay as they are."""
    rows = {row.key: row for row in MessageTemplate.objects.all()}
    for kind in kinds():
        subject, body = str(kind.subject), str(kind.body)
        row = rows.get(kind.key) or MessageTemplate(key=kind.key)
        if (row.first_subject, row.first_body) == (subject, body):
            continue
        if row.pk is None or not row.is_edited:
            row.subject, row.body = subject, body
        row.first_subject, row.first_body = subject, body
        row.save()
    return f"{len(kinds())} kinds of message"
