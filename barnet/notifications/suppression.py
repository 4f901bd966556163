"""Addresses where what we sent came back for good. Nothing goes there until somebody says that it works again."""

from collections.abc import Iterable

import structlog
from django.db import transaction
from django.utils import timezone

from barnet.customers.enums import ContactKind
from barnet.customers.models import User
from barnet.customers.reaching import contacts
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message, SuppressedAddress

log = structlog.get_logger("barnet.notifications")

_KIND = {MessageChannel.EMAIL: ContactKind.EMAIL, MessageChannel.SMS: ContactKind.MOBILE}


def suppress(channel: str, address: str, reason: str) -> None:
    """In the transaction that learnt it. Telling it twice suppresses once."""
    if channel not in {MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.LETTER} or not address:
        return
    SuppressedAddress.objects.bulk_create(
        [SuppressedAddress(channel=channel, address=address.lower(), reason=reason[:200])], ignore_conflicts=True
    )
    if kind := _KIND.get(MessageChannel(channel)):
        contacts.mark_unusable(kind, address.lower(), reason=reason)
    log.warning("address suppressed", channel=channel)


def is_suppressed(message: Message) -> bool:
    """A code is sent all the same: without it nobody could sign in and say that the address works."""
    return not message.is_secret and is_dead(message.channel, message.address)


def is_dead(channel: str, address: str) -> bool:
    return bool(dead_among(channel, [address]))


def dead_among(channel: str, addresses: Iterable[str]) -> frozenset[str]:
    """Those to which nothing goes, in small letters."""
    asked = {address.lower() for address in addresses}
    found = SuppressedAddress.objects.filter(channel=channel, address__in=asked, lifted_at=None)
    return frozenset(found.order_by().values_list("address", flat=True))


@transaction.atomic
def lift(suppressed: SuppressedAddress, *, by: User | None, reason: str) -> bool:
    """Messages go there again. False: somebody else had lifted it."""
    lifted = SuppressedAddress.objects.filter(pk=suppressed.pk, lifted_at=None).update(
        lifted_at=timezone.now(), lifted_by=by, lifted_reason=reason[:200]
    )
    if lifted and (kind := _KIND.get(MessageChannel(suppressed.channel))):
        contacts.mark_usable(kind, suppressed.address)
    return bool(lifted)


def lift_proved(channel: str, address: str) -> None:
    """The person has just typed a code that was sent there: it works."""
    for suppressed in SuppressedAddress.objects.filter(channel=channel, address=address.lower(), lifted_at=None):
        lift(suppressed, by=None, reason="The person proved that it works.")
