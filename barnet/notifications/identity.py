"""What makes a message this one and no other: for us, and for a provider."""

import hashlib

from django.conf import settings

from barnet.notifications.enums import MessageChannel

LONGEST = 200


def idempotency_key(event: str, recipient: str) -> str:
    full = f"{event}:{recipient}"
    return full if len(full) <= LONGEST else f"{full[:100]}:{hashlib.sha256(full.encode()).hexdigest()}"


def provider_reference(key: str, channel: str, again: str = "") -> str:
    """By which a provider is asked for the message. It says nothing to anybody else."""
    return hashlib.sha256(f"{key}:{again}".encode()).hexdigest()[:40] if goes_by_notify(channel) else ""


def goes_by_notify(channel: str) -> bool:
    """Whether the provider keeps the message under our reference, and sends receipts."""
    by_mail = channel == MessageChannel.EMAIL and settings.MAIL_TRANSPORT == "notify"
    return by_mail or channel in {MessageChannel.SMS, MessageChannel.LETTER}
