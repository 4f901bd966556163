"""The ways in which a message reaches somebody. A channel says what it can promise, delivery does the rest.

To add one: subclass `Channel`, give it a value in `MessageChannel`, and `register_channel` it. `InboxChannel` is the
example. The question that matters is `has`: a channel that can say whether it holds a message makes delivery exact.
"""

import datetime as dt
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from barnet.notifications import smtp
from barnet.notifications.enums import MessageChannel
from barnet.notifications.errors import PermanentRefusalError
from barnet.notifications.models import Message
from barnet.notifications.registry import one_click_end_of

# Called by a channel right before the call that cannot be taken back. It commits that fact, or raises
# `NoLongerOursError` when another worker has settled the attempt meanwhile.
MarkHandover = Callable[[], None]


class Channel(ABC):
    key: MessageChannel
    is_delivered_by_commit = False  # writing the row is the delivery: no worker takes part

    @property
    def may_still_take_it(self) -> dt.timedelta:
        """For how long after a line broke `has` may say no, and the channel takes the message all the same."""
        return dt.timedelta()

    def is_available(self) -> bool:
        """Whether this installation has it at all."""
        return True

    @abstractmethod
    def has(self, message: Message) -> bool | None:
        """Whether the channel holds the message already; None when it cannot say."""

    @abstractmethod
    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        """Raises PermanentRefusalError when trying again is no use; any other exception means try later."""


class InboxChannel(Channel):
    """My Account. It lives in our database, so that the row which tells of the change is the delivery."""

    key = MessageChannel.INBOX
    is_delivered_by_commit = True

    def has(self, message: Message) -> bool:
        return message.sent_at is not None

    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        mark_handover()  # recording the attempt puts the message in the inbox


class EmailChannel(Channel):
    """Plain text e-mail through Django's e-mail backend.

    The development mailbox knows what it holds. An SMTP server does not say; what it can do is drop a second copy with
    the same Message-ID, which is why that header is made of the idempotency key and not of chance.
    """

    key = MessageChannel.EMAIL

    def has(self, message: Message) -> bool | None:
        ask = getattr(get_connection(), "has", None)
        return ask(message_id_of(message)) if ask else None

    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        connection = get_connection()
        email = _email(message)
        if isinstance(connection, SmtpBackend):
            smtp.hand_over(connection, email, mark_handover)
        else:
            mark_handover()
            connection.send_messages([email])


def message_id_of(message: Message) -> str:
    """The Message-ID header: the same for every attempt at the same message."""
    host = urlsplit(settings.BASE_URL).hostname or "portal.invalid"
    return f"<{hashlib.sha256(message.idempotency_key.encode()).hexdigest()[:40]}@{host}>"


def _email(message: Message) -> EmailMessage:
    try:
        validate_email(message.address)
    except ValidationError:
        raise PermanentRefusalError(_("This is not an e-mail address.")) from None
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={
            "Message-ID": message_id_of(message),
            "Auto-Submitted": "auto-generated",
            **_one_click_end(message),
        },
    )


def _one_click_end(message: Message) -> dict[str, str]:
    """The button of mail programs (RFC 8058)."""
    link = one_click_end_of(message)
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if link else {}


_channels: dict[str, Channel] = {}


def register_channel(channel: Channel, *, instead: bool = False) -> None:
    """`instead`: of the one that the house came with."""
    if channel.key in _channels and not instead:
        raise ValueError(f"Two channels are called {channel.key!r}.")
    _channels[channel.key] = channel


def is_offered(key: str) -> bool:
    """Whether this installation can reach anybody by this channel."""
    return key in _channels and _channels[key].is_available()


def channel_of(key: str) -> Channel:
    return _channels[key]


register_channel(InboxChannel())
register_channel(EmailChannel())
