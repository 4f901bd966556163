"""Who is told about collections: begin, prove, end.

Somebody who is signed in begins at once. A bare e-mail address begins when its owner followed the link that we sent to
it; until then nothing goes there but that link, at most three times a day whatever homes are named. The answer on the
screen is the same whether the address is new, waiting or subscribed already.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from barnet.notifications.services import cancel_messages, queue_message
from portal.cases.services.writing import take_turn
from portal.waste.enums import Stream
from portal.waste.models import Subscription

CONFIRM_WITHIN = dt.timedelta(days=7)
_PROOFS_A_DAY = 3
_SALT = "portal.waste.subscription"


@transaction.atomic
def subscribe_customer(customer: Customer, address: Address, streams: Sequence[str]) -> Subscription:
    """Begins, or changes the bins. No bins: ends."""
    if not streams:
        ended = Subscription.objects.select_for_update().filter(customer=customer, address=address).first()
        return end_subscription(ended) if ended else Subscription(address=address, customer=customer, streams=[])
    now = timezone.now()
    subscription, made = Subscription.objects.select_for_update().get_or_create(
        customer=customer, address=address, defaults={"streams": list(streams), "confirmed_at": now}
    )
    if not made:
        is_new = not subscription.is_active
        subscription.streams, subscription.ended_at = list(streams), None
        subscription.confirmed_at = now if is_new else subscription.confirmed_at
        subscription.save(update_fields=["streams", "ended_at", "confirmed_at"])
    return subscription


@transaction.atomic
def ask_to_subscribe(email: str, address: Address, streams: Sequence[str], *, submission_key: str) -> None:
    """Writes to the address to ask whether it was its owner. Says nothing about whether it is known."""
    email = email.lower()
    take_turn(f"subscription:{email}")
    now = timezone.now()
    known = Subscription.objects.filter(email=email, address=address).first()
    if known and known.is_active and set(known.streams) == set(streams):
        return
    asked = Subscription.objects.alias(lower=Lower("email")).filter(
        lower=email, asked_at__gt=now - dt.timedelta(days=1)
    )
    if (asked.exclude(pk=known.pk) if known else asked).count() >= _PROOFS_A_DAY:
        return
    subscription = known or Subscription.objects.create(
        email=email, address=address, streams=list(streams), asked_at=now
    )
    if known:
        Subscription.objects.filter(pk=known.pk).update(asked_at=now)
    queue_message(
        "bins-confirm",
        key=f"bins-confirm:{subscription.key}:{submission_key}",
        email=email,
        fields={
            "place": address.one_line,
            "bins": lambda: names_of(streams),
            "link": settings.BASE_URL + reverse("reminders_confirm", args=[_proof(subscription, streams)]),
        },
        channels=[MessageChannel.EMAIL],
    )


@transaction.atomic
def confirm_subscription(proof: str) -> Subscription | None:
    """The owner of the address says yes. Nothing for a forged or old proof. Twice is once."""
    read = read_proof(proof)
    if read is None:
        return None
    subscription, streams = read
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if not subscription.is_active:
        subscription.confirmed_at, subscription.ended_at = timezone.now(), None
    subscription.streams = streams
    subscription.save(update_fields=["confirmed_at", "ended_at", "streams"])
    return subscription


def read_proof(proof: str) -> tuple[Subscription, list[str]] | None:
    try:
        key, streams = signing.loads(proof, salt=_SALT, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    subscription = Subscription.objects.select_related("address").filter(key=key).first()
    return (subscription, streams) if subscription else None


def _proof(subscription: Subscription, streams: Sequence[str]) -> str:
    return signing.dumps([str(subscription.key), list(streams)], salt=_SALT, compress=True)


def subscription_of(token: str) -> Subscription | None:
    """By the token of the link in every message; it works for as long as the subscription is known."""
    try:
        key = signing.Signer(salt=f"{_SALT}.end").unsign(token)
        return Subscription.objects.select_related("address").filter(key=uuid.UUID(key)).first()
    except (signing.BadSignature, ValueError):
        return None


def end_link(key: object) -> str:
    token = signing.Signer(salt=f"{_SALT}.end").sign(str(key))
    return settings.BASE_URL + reverse("reminders_end", args=[token])


def end_link_of(message: Message) -> str:
    """For the header that mail programs offer as a button. The key of the message names the subscription."""
    key = message.idempotency_key.split(":")[2]
    return end_link(key)


@transaction.atomic
def end_subscription(subscription: Subscription) -> Subscription:
    """No more messages, those that wait included. Twice is once."""
    subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if subscription.ended_at is None:
        subscription.ended_at = timezone.now()
        subscription.save(update_fields=["ended_at"])
        for told in subscription.told.filter(reminded_on__gte=timezone.localdate()).distinct("reminded_on"):
            cancel_messages(f"bins-reminder:{told.reminded_on}:{subscription.key}:")
    return subscription


def names_of(streams: Sequence[str]) -> str:
    """“Refuse, Food waste”, in the order of the house."""
    return ", ".join(str(stream.label) for stream in Stream if stream in streams) or _("No bins")
