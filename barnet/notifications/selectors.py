"""Reading messages: the resident's inbox, and what staff look after."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from barnet.customers.models import ChannelPreference, Customer, User
from barnet.customers.reaching import contacts
from barnet.notifications.enums import MessageChannel, MessageState, Topic
from barnet.notifications.models import Message, MessageTemplate, SuppressedAddress
from barnet.notifications.registry import kinds


def inbox_for(user: Any) -> QuerySet[Message]:
    """What is in this person's own inbox, newest first. Somebody who acts for another reads their own only."""
    if not getattr(user, "is_authenticated", False):
        return Message.objects.none()
    return Message.objects.filter(
        customer__user=user, channel=MessageChannel.INBOX, state=MessageState.SENT, is_secret=False
    ).order_by("-created_at", "-pk")


def message_for(user: Any, pk: object) -> Message:
    """The door: a message of one's own inbox, else 404."""
    message = _by_key(inbox_for(user), pk)
    if message is None:
        raise Http404("No such message in this inbox.")
    return message


def unread_count(user: Any) -> int:
    return inbox_for(user).filter(read_at=None).count()


def messages_about(reference: str) -> QuerySet[Message]:
    """Everything that we told people about one request, newest first."""
    return Message.objects.filter(about=reference).order_by("-created_at", "-pk")


def outbox(*, state: str = "", kind: str = "", about: str = "", address: str = "") -> QuerySet[Message]:
    """The staff list. Bodies are not read: a list needs none, and they are personal."""
    chosen = {"state": state, "template_key": kind, "about": about, "address__iexact": address}
    return (
        Message.objects.filter(**{field: value for field, value in chosen.items() if value})
        .select_related("customer", "customer__user")
        .defer("body")
        .order_by("-created_at", "-pk")
    )


def message_for_staff(user: User, pk: object) -> Message:
    """The staff door: 404 without permission. The caller records that somebody's message was read."""
    message = _by_key(Message.objects.select_related("customer", "customer__user", "resent_by"), pk)
    if message is None or not user.has_perm("notifications.view_message"):
        raise Http404("No such message.")
    return message


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.key, str(kind.name)) for kind in kinds()]


def edited_wordings() -> list[MessageTemplate]:
    return [row for row in MessageTemplate.objects.all() if row.is_edited]


def suppressed_addresses(text: str = "") -> QuerySet[SuppressedAddress]:
    """Where nothing goes now, newest first; with a text, that address alone."""
    found = SuppressedAddress.objects.filter(lifted_at=None).order_by("-since", "-pk")
    return found.filter(address=text.strip().lower()) if text.strip() else found


def _by_key(messages: QuerySet[Message], pk: object) -> Message | None:
    try:
        return messages.filter(pk=uuid.UUID(str(pk))).first()
    except ValueError:
        return None


def preference_rows(customer: Customer) -> list[dict[str, object]]:
    """How the customer is told of each topic, in words."""
    rows = []
    for topic, kept in contacts.preferences_of(customer).items():
        rows.append(
            {
                "topic": topic,
                "label": Topic(topic).label,
                "summary": _in_words(kept),
                "by_staff": bool(kept and kept.reason),
                "reason": kept.reason if kept else "",
            }
        )
    return rows


def _in_words(kept: ChannelPreference | None) -> str:
    if kept is None:
        return str(_("E-mail"))
    ways = [str(MessageChannel(channel).label) for channel in kept.channels] or [str(_("My Account only"))]
    parts = [str(_(", else ")).join(ways)]
    if kept.is_digest:
        parts.append(str(_("what can wait once a day")))
    if kept.quiet_from and kept.quiet_until:
        hours = {"start": f"{kept.quiet_from:%H:%M}", "end": f"{kept.quiet_until:%H:%M}"}
        parts.append(str(_("not between %(start)s and %(end)s") % hours))
    return "; ".join(parts)
