"""Writing messages into the outbox, and what people do with them afterwards."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Case, CharField, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.enums import Language
from barnet.customers.models import ChannelPreference, Customer, User
from barnet.kit.logging import current_request_id
from barnet.notifications.choice import Way, choose, email_ways, owns
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState, Urgency
from barnet.notifications.identity import idempotency_key, provider_reference
from barnet.notifications.models import Message, MessageTemplate
from barnet.notifications.moments import not_before
from barnet.notifications.queueing import enqueue
from barnet.notifications.registry import TemplateKind, kind_of, kinds
from barnet.notifications.rendering import Words, render
from barnet.notifications.suppression import is_dead

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
    way: Way | None = None,
) -> list[Message]:
    """Writes what tells the person, by the way that they prefer, and what stands in their inbox, with its task, in the
    caller's transaction.

    `key` names the event ("case:17:204"): the same event and recipient a second time writes nothing and returns the
    first messages. An `email` that is not one of the customer's own is written to as it is; the inbox needs a login.
    Nobody to reach is an empty list. `channels` narrows the choice; a secret goes by e-mail only.

    With `send_at` it is a reminder: nothing of it is seen, in the inbox either, before that moment, and
    `cancel_messages` takes it back.

    With `way` it goes there and nowhere else, not into the inbox either: to prove an address, to warn an old one.
    """
    kind = kind_of(template_key)
    if customer is not None and not customer.is_written_to:
        return []  # nobody writes to the dead
    if way is not None:
        drafts = [_Draft(idempotency_key(key, f"{way.channel}:{way.address.lower()}"), way)]
    else:
        drafts = _drafts(kind, key, customer, email.strip(), channels)
    if not drafts:
        return []
    words = render(kind, fields, customer.language if customer else Language.ENGLISH)
    now = timezone.now()
    start = max(send_at or now, now)
    return _store([_message(kind, draft, words, customer, about, now=now, start=start) for draft in drafts])


@dataclass(frozen=True)
class _Draft:
    """One message of an event, before it has words."""

    key: str
    way: Way
    preference: ChannelPreference | None = None
    dead: bool = False  # nothing arrives there: staff shall see it


def _drafts(
    kind: TemplateKind,
    key: str,
    customer: Customer | None,
    email: str,
    channels: Collection[MessageChannel] | None,
) -> list[_Draft]:
    told = _told(kind, key, customer, email, channels)
    has_inbox = customer is not None and customer.user_id and not kind.is_secret
    if not has_inbox or (channels is not None and MessageChannel.INBOX not in channels):
        return told
    assert customer is not None
    return [*told, _Draft(idempotency_key(key, f"inbox:customer {customer.pk}"), Way(MessageChannel.INBOX, ""))]


def _told(
    kind: TemplateKind,
    key: str,
    customer: Customer | None,
    email: str,
    channels: Collection[MessageChannel] | None,
) -> list[_Draft]:
    """How the person is told: by one way. The key does not name it, so that a preference that changed meanwhile does
    not tell the same event twice."""
    if channels is not None and not set(channels) - {MessageChannel.INBOX}:
        return []
    if kind.is_secret or customer is None or (email and not owns(customer, email)):
        return _by_mail(kind, key, customer, email or current_email(customer))
    choice = choose(customer, topic=kind.topic, urgency=kind.urgency)
    way = next((way for way in choice.ways if channels is None or way.channel in channels), None)
    own_key = idempotency_key(key, f"told:customer {customer.pk}")
    if way is not None:
        return [_Draft(own_key, way, choice.preference)]
    wants_mail = choice.preference is None or MessageChannel.EMAIL in choice.preference.channels
    address = current_email(customer)
    if address and wants_mail and (channels is None or MessageChannel.EMAIL in channels):
        return [_Draft(own_key, Way(MessageChannel.EMAIL, address), dead=True)]
    return []


def _by_mail(kind: TemplateKind, key: str, customer: Customer | None, address: str) -> list[_Draft]:
    if not address:
        return []
    way = Way(MessageChannel.EMAIL, address)
    is_lost = not kind.is_secret and is_dead(way.channel, address)
    if is_lost and customer is not None:
        choice = choose(customer, topic=kind.topic, urgency=kind.urgency)
        if choice.ways:
            own_key = idempotency_key(key, f"told:customer {customer.pk}")
            return [_Draft(own_key, choice.ways[0], choice.preference)]
    return [_Draft(idempotency_key(key, f"email:{address.lower()}"), way, dead=is_lost)]


def _message(
    kind: TemplateKind,
    draft: _Draft,
    words: Words,
    customer: Customer | None,
    about: str,
    *,
    now: dt.datetime,
    start: dt.datetime,
) -> Message:
    channel = draft.way.channel
    return Message(
        idempotency_key=draft.key,
        template_key=kind.key,
        channel=channel,
        customer=customer,
        address=draft.way.address,
        topic=kind.topic,
        urgency=kind.urgency,
        about=about,
        language=words.language,
        subject=words.subject,
        body=words.body,
        short=words.short,
        is_secret=kind.is_secret,
        due_at=not_before(start, channel=channel, urgency=kind.urgency, preference=draft.preference),
        enqueued_at=now,
        created_at=now,
        request_id=current_request_id()[:64],
        provider_reference=provider_reference(draft.key, channel),
        **_first_state(kind, draft, is_reminder=start > now),
    )


def _first_state(kind: TemplateKind, draft: _Draft, *, is_reminder: bool) -> dict[str, object]:
    if draft.dead:
        return {"state": MessageState.PARKED, "last_error": _("What we send to this address comes back.")}
    if draft.way.channel == MessageChannel.INBOX:
        return {} if is_reminder else {"state": MessageState.SENT, "sent_at": timezone.now()}
    is_digest = draft.preference is not None and draft.preference.is_digest and kind.urgency == Urgency.WHENEVER
    return {"state": MessageState.HELD} if is_digest else {}


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


def current_email(customer: Customer | None) -> str:
    if customer is None:
        return ""
    return customer.email or (customer.user.email if customer.user else "")


@transaction.atomic
def cancel_messages(key_prefix: str) -> int:
    """Takes back what was queued for the events whose key begins so and has not left yet. How many it was.

    An attempt that is under way counts as left. The key is free again: the same event may be queued anew.
    """
    if not key_prefix:
        raise ValueError("Name the events to cancel: an empty beginning would cancel every message.")
    return _cancel(Message.objects.filter(idempotency_key__startswith=key_prefix))


@transaction.atomic
def cancel_messages_to(customer: Customer) -> int:
    """Takes back whatever waits for somebody: nobody writes to the dead."""
    return _cancel(Message.objects.filter(customer=customer))


def _cancel(messages: QuerySet[Message]) -> int:
    waiting = messages.filter(state__in=[MessageState.QUEUED, MessageState.HELD])
    locked = list(waiting.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    # Asked after the lock: an attempt is written under it.
    free = Message.objects.filter(pk__in=locked).exclude(attempts__outcome=AttemptOutcome.STARTED)
    return free.update(
        state=MessageState.CANCELLED,
        provider_reference="",
        body=Case(When(is_secret=True, then=Value("")), default=F("body"), output_field=TextField()),
        short=Case(When(is_secret=True, then=Value("")), default=F("short"), output_field=CharField()),
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
