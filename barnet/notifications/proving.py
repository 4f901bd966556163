"""A person proves that an address or number is theirs, by the code that we sent there; and is told of every change.

A code works for fifteen minutes and five tries. It is kept as a fingerprint only.
"""

import datetime as dt
import secrets
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import ContactKind
from barnet.customers.models import Customer
from barnet.customers.reaching import contacts
from barnet.customers.reaching.contact_points import ContactPoint
from barnet.kit.languages import filled
from barnet.notifications.channels import is_offered
from barnet.notifications.choice import Way
from barnet.notifications.enums import MessageChannel
from barnet.notifications.kinds import CONTACT_CHANGED, CONTACT_CODE
from barnet.notifications.models import ContactCode
from barnet.notifications.services import queue_message
from barnet.notifications.suppression import lift_proved

WORKS_FOR = dt.timedelta(minutes=15)
MOST_TRIES = 5
PAUSE = dt.timedelta(minutes=1)
MOST_A_DAY = 10  # codes for one person: text messages cost money

_CHANNEL = {ContactKind.EMAIL: MessageChannel.EMAIL, ContactKind.MOBILE: MessageChannel.SMS}


class TooSoonError(Exception):
    """A code was sent a moment ago, or too many were today."""


def way_of(point: ContactPoint) -> Way | None:
    """How this point is written to; None when nothing that we have goes there."""
    channel = _CHANNEL.get(ContactKind(point.kind))
    return Way(channel, point.value) if channel and is_offered(channel) else None


def may_be_proved(point: ContactPoint) -> bool:
    return way_of(point) is not None and (point.verified_at is None or not point.is_usable)


@transaction.atomic
def send_code(point: ContactPoint) -> None:
    """Raises TooSoonError. The last code that was sent is the one that counts."""
    way = way_of(point)
    assert way is not None
    now = timezone.now()
    Customer.objects.select_for_update(no_key=True).get(pk=point.customer_id)
    of_today = ContactCode.objects.filter(customer=point.customer_id, sent_at__gt=now - dt.timedelta(days=1))
    if of_today.filter(point=point, sent_at__gt=now - PAUSE).exists() or of_today.count() >= MOST_A_DAY:
        raise TooSoonError
    ContactCode.objects.filter(point=point, used_at=None).update(used_at=now)
    text = f"{secrets.randbelow(1_000_000):06}"
    code = ContactCode.objects.create(customer_id=point.customer_id, point=point, sent_at=now)
    code.fingerprint = _fingerprint(code, text)
    code.save(update_fields=["fingerprint"])
    fields = {"code": text, "minutes": str(int(WORKS_FOR.total_seconds() // 60))}
    queue_message(CONTACT_CODE.key, key=f"contact-code:{code.pk}", customer=point.customer, fields=fields, way=way)


@transaction.atomic
def prove(point: ContactPoint, typed: str) -> bool:
    """Counts the try. With the right code the point is verified, works again, and both sides are told."""
    code = (
        ContactCode.objects.select_for_update(of=("self",))
        .filter(point=point, used_at=None, tries__lt=MOST_TRIES, sent_at__gt=timezone.now() - WORKS_FOR)
        .order_by("-sent_at", "-pk")
        .first()
    )
    if code is None:
        return False
    is_right = constant_time_compare(code.fingerprint, _fingerprint(code, "".join(typed.split())))
    code.tries += 1
    code.used_at = timezone.now() if is_right else None
    code.save(update_fields=["tries", "used_at"])
    if is_right:
        told = ways_of(point.customer)
        contacts.mark_verified(point)
        way = way_of(point)
        if way:
            lift_proved(way.channel, way.address)
        tell_of_change(point.customer, filled(_("%(point)s was confirmed."), point=point.shown), told)
    return is_right


def ways_of(customer: Customer) -> list[Way]:
    """Every proved address and number that works: where a change is told of, so that a thief cannot hide it."""
    points = customer.contact_points.usable().exclude(verified_at=None).order_by("pk")
    return [way for point in points if (way := way_of(point))]


def tell_of_change(customer: Customer, what: str, before: list[Way]) -> None:
    """To the old and the new ways, each once."""
    event = f"contact-changed:{uuid.uuid4()}"
    fields = {"what": what, "when": timezone.now()}
    for way in dict.fromkeys([*before, *ways_of(customer)]):
        queue_message(CONTACT_CHANGED.key, key=event, customer=customer, fields=fields, way=way)


def _fingerprint(code: ContactCode, text: str) -> str:
    return salted_hmac("barnet.notifications.proving", f"{code.pk}:{text}", algorithm="sha256").hexdigest()
