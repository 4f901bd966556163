"""Writing messages into the outbox, for one person or for ten thousand, in a constant number of statements a thousand.

Guarantee: an event is written for a recipient once, by whom and how often it is asked for: the key is unique in the
database, and of two that write it at once the second waits for the first and then writes nothing. Everybody writes in
the same order, so that two never wait for each other.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.enums import Language
from barnet.customers.models import ChannelPreference, Customer
from barnet.kit.logging import current_request_id
from barnet.notifications.choice import Reach, Way
from barnet.notifications.enums import MessageChannel, MessageState, Urgency
from barnet.notifications.identity import idempotency_key, provider_reference
from barnet.notifications.models import Message
from barnet.notifications.moments import not_before
from barnet.notifications.queueing import enqueue_all
from barnet.notifications.registry import TemplateKind, kind_of
from barnet.notifications.rendering import Wordings, Words
from barnet.notifications.suppression import dead_among

AT_ONCE = 1000  # people, in memory and in a statement


@dataclass(frozen=True)
class Telling:
    """One event for one person. Values of `fields` that are dates, lazy texts or functions become words in the language
    of the message.

    `key` names the event ("case:17:204"): the same event and recipient a second time writes nothing. An `email` that is
    not one of the customer's own is written to as it is; the inbox needs a login.

    `language` counts where no customer is named.

    With `way` it goes there and nowhere else, not into the inbox either: to prove an address, to warn an old one.
    """

    key: str
    fields: Mapping[str, object]
    customer: Customer | None = None
    email: str = ""
    about: str = ""
    way: Way | None = None
    language: str = Language.ENGLISH

    @property
    def written_in(self) -> str:
        return self.customer.language if self.customer else self.language

    @property
    def place(self) -> tuple[str, int, str]:
        """In the order in which everybody writes."""
        return self.key, (self.customer.pk if self.customer else 0), self.email


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
    language: str = Language.ENGLISH,
) -> list[Message]:
    """`queue_messages` for one: what tells them, and what stands in their inbox. Nobody to reach is no message."""
    telling = Telling(key=key, fields=fields, customer=customer, email=email, about=about, way=way, language=language)
    return queue_messages(template_key, [telling], channels=channels, send_at=send_at)[0]


@transaction.atomic
def queue_messages(
    template_key: str,
    tellings: Iterable[Telling],
    *,
    channels: Collection[MessageChannel] | None = None,
    send_at: dt.datetime | None = None,
) -> list[list[Message]]:
    """Writes what tells each person, by the way that they prefer, and what stands in their inbox, with its task, in the
    caller's transaction. Returns the messages of each telling, those of an earlier call included.

    `channels` narrows the choice; a secret goes by e-mail only.

    With `send_at` they are reminders: nothing of them is seen, in the inbox either, before that moment, and
    `cancel_messages` takes them back.
    """
    asked = list(tellings)
    now = timezone.now()
    errand = _Errand(kind_of(template_key), channels, now=now, start=max(send_at or now, now))
    written: list[list[Message]] = [[] for _telling in asked]
    # Nobody writes to the dead.
    living = [n for n, telling in enumerate(asked) if telling.customer is None or telling.customer.is_written_to]
    living.sort(key=lambda n: asked[n].place)
    for start in range(0, len(living), AT_ONCE):
        numbers = living[start : start + AT_ONCE]
        for number, messages in zip(numbers, errand.write([asked[n] for n in numbers]), strict=True):
            written[number] = messages
    return written


@dataclass(frozen=True)
class _Draft:
    """One message of an event, before it has words."""

    key: str
    way: Way
    preference: ChannelPreference | None = None
    dead: bool = False  # nothing arrives there: staff shall see it


@dataclass(frozen=True)
class _Errand:
    """What is the same for everybody who is told."""

    kind: TemplateKind
    channels: Collection[MessageChannel] | None
    now: dt.datetime
    start: dt.datetime

    def write(self, tellings: Sequence[Telling]) -> list[list[Message]]:
        people = _People(self.kind, self.channels, tellings)
        drafts = [list(people.drafts(telling)) for telling in tellings]
        languages = {t.written_in for t, theirs in zip(tellings, drafts, strict=True) if theirs}
        if not any(drafts):
            return [[] for _telling in tellings]
        wordings = Wordings(self.kind, languages)
        rows = [
            self._messages(telling, theirs, wordings) if theirs else []
            for telling, theirs in zip(tellings, drafts, strict=True)
        ]
        stored = _store([row for theirs in rows for row in theirs])
        return [[stored[row.idempotency_key] for row in theirs] for theirs in rows]

    def _messages(self, telling: Telling, drafts: Iterable[_Draft], wordings: Wordings) -> list[Message]:
        words = wordings.render(telling.fields, telling.written_in)
        return [self._message(telling, draft, words) for draft in drafts]

    def _message(self, telling: Telling, draft: _Draft, words: Words) -> Message:
        kind, channel = self.kind, draft.way.channel
        return Message(
            idempotency_key=draft.key,
            template_key=kind.key,
            channel=channel,
            customer=telling.customer,
            address=draft.way.address,
            topic=kind.topic,
            urgency=kind.urgency,
            about=telling.about,
            language=words.language,
            subject=words.subject,
            body=words.body,
            short=words.short,
            is_secret=kind.is_secret,
            due_at=not_before(self.start, channel=channel, urgency=kind.urgency, preference=draft.preference),
            enqueued_at=self.now,
            created_at=self.now,
            request_id=current_request_id()[:64],
            provider_reference=provider_reference(draft.key, channel),
            **self._first_state(draft),
        )

    def _first_state(self, draft: _Draft) -> dict[str, object]:
        if draft.dead:
            return {"state": MessageState.PARKED, "last_error": _("What we send to this address comes back.")}
        if draft.way.channel == MessageChannel.INBOX:
            is_reminder = self.start > self.now
            return {} if is_reminder else {"state": MessageState.SENT, "sent_at": self.now}
        may_wait = self.kind.urgency == Urgency.WHENEVER
        is_digest = draft.preference is not None and draft.preference.is_digest and may_wait
        return {"state": MessageState.HELD} if is_digest else {}


class _People:
    """How each of some people is told."""

    def __init__(
        self, kind: TemplateKind, channels: Collection[MessageChannel] | None, tellings: Sequence[Telling]
    ) -> None:
        self._kind, self._channels = kind, channels
        chosen = [telling for telling in tellings if telling.way is None]
        self._reach = Reach([telling.customer for telling in chosen if telling.customer], topic=kind.topic)
        mails = {address for telling in chosen if (address := self._mail_address(telling))}
        self._dead = frozenset[str]() if kind.is_secret else dead_among(MessageChannel.EMAIL, mails)

    def drafts(self, telling: Telling) -> Iterator[_Draft]:
        if telling.way is not None:
            recipient = f"{telling.way.channel}:{telling.way.address.lower()}"
            yield _Draft(idempotency_key(telling.key, recipient), telling.way)
            return
        if self._channels is None or set(self._channels) - {MessageChannel.INBOX}:
            yield from self._told(telling)
        customer = telling.customer
        has_inbox = customer is not None and customer.user_id and not self._kind.is_secret
        if customer is not None and has_inbox and self._may_use(MessageChannel.INBOX):
            inbox = Way(MessageChannel.INBOX, "")
            yield _Draft(idempotency_key(telling.key, f"inbox:customer {customer.pk}"), inbox)

    def _may_use(self, channel: MessageChannel) -> bool:
        return self._channels is None or channel in self._channels

    def _mail_address(self, telling: Telling) -> str:
        """The address of somebody whose preferences do not count here: a visitor's, another's, or that of a secret."""
        customer, email = telling.customer, telling.email.strip()
        if self._kind.is_secret or customer is None or (email and not self._reach.owns(customer, email)):
            return email or current_email(customer)
        return ""

    def _told(self, telling: Telling) -> Iterator[_Draft]:
        """How the person is told: by one way. The key does not name it, so that a preference that changed meanwhile
        does not tell the same event twice."""
        customer = telling.customer
        address = self._mail_address(telling)
        if address:
            yield self._by_mail(telling, address)
            return
        if self._kind.is_secret or customer is None:
            return
        choice = self._reach.choose(customer, urgency=self._kind.urgency)
        way = next((way for way in choice.ways if self._may_use(way.channel)), None)
        if way is not None:
            yield _Draft(_own_key(telling.key, customer), way, choice.preference)
            return
        wants_mail = choice.preference is None or MessageChannel.EMAIL in choice.preference.channels
        address = current_email(customer)
        if address and wants_mail and self._may_use(MessageChannel.EMAIL):
            yield _Draft(_own_key(telling.key, customer), Way(MessageChannel.EMAIL, address), dead=True)

    def _by_mail(self, telling: Telling, address: str) -> _Draft:
        is_lost = address.lower() in self._dead
        if is_lost and telling.customer is not None:
            choice = self._reach.choose(telling.customer, urgency=self._kind.urgency)
            if choice.ways:
                return _Draft(_own_key(telling.key, telling.customer), choice.ways[0], choice.preference)
        way = Way(MessageChannel.EMAIL, address)
        return _Draft(idempotency_key(telling.key, f"email:{address.lower()}"), way, dead=is_lost)


def _own_key(event: str, customer: Customer) -> str:
    return idempotency_key(event, f"told:customer {customer.pk}")


def _store(rows: list[Message]) -> dict[str, Message]:
    """By key. Of two that write the same key at once the second waits for the first, and then writes nothing."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {
        row.idempotency_key: row
        for row in Message.objects.filter(idempotency_key__in=[r.idempotency_key for r in rows])
    }
    enqueue_all(
        row
        for row in rows
        if stored[row.idempotency_key].pk == row.pk
        and row.state == MessageState.QUEUED
        and row.due_at <= row.enqueued_at  # what is due later gets its task from the sweeper, when its time has come
    )
    return stored


def current_email(customer: Customer | None) -> str:
    if customer is None:
        return ""
    return customer.email or (customer.user.email if customer.user else "")
