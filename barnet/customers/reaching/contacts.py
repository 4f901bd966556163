"""Contact points and preferences: what people, staff and the channels do with them."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.models import ChannelPreference, ContactPoint, Customer, User

MOST_POINTS = 12  # of one customer


class TooManyPointsError(ValueError):
    """Nobody has so many addresses."""


@transaction.atomic
def add_point(customer: Customer, kind: str, value: str, *, verified: bool = False) -> ContactPoint:
    """`value` is normalised. Adding what is there already changes nothing."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    known = ContactPoint.objects.filter(customer=customer, kind=kind, value=value).first()
    if known is None and customer.contact_points.count() >= MOST_POINTS:
        raise TooManyPointsError
    point = known or ContactPoint.objects.create(customer=customer, kind=kind, value=value)
    if verified:
        mark_verified(point)
    elif kind == ContactKind.POSTAL:
        prefer(point)
    return point


@transaction.atomic
def mark_verified(point: ContactPoint) -> None:
    """It is theirs, and it works. The first of its kind that does becomes the one to use."""
    point = ContactPoint.objects.select_for_update().get(pk=point.pk)
    point.verified_at, point.unusable_since, point.unusable_reason = timezone.now(), None, ""
    point.save(update_fields=["verified_at", "unusable_since", "unusable_reason"])
    others = ContactPoint.objects.filter(customer=point.customer_id, kind=point.kind).usable().exclude(pk=point.pk)
    if not others.filter(is_preferred=True, verified_at__isnull=False).exists():
        prefer(point)


@transaction.atomic
def prefer(point: ContactPoint) -> None:
    """The first of its kind from now on. E-mail and mobile are written where everybody looks: the trigger follows."""
    customer = Customer.objects.select_for_update().get(pk=point.customer_id)
    ContactPoint.objects.filter(customer=customer, kind=point.kind, is_preferred=True).exclude(pk=point.pk).update(
        is_preferred=False
    )
    ContactPoint.objects.filter(pk=point.pk, is_preferred=False).update(is_preferred=True)
    if point.kind == ContactKind.EMAIL and customer.email.lower() != point.value:
        customer.email = point.value
        customer.save(update_fields=["email"])
    elif point.kind == ContactKind.MOBILE and customer.phone != point.shown:
        customer.phone = point.shown
        customer.save(update_fields=["phone"])
    point.is_preferred = True


def is_login_address(point: ContactPoint) -> bool:
    user = point.customer.user
    return point.kind == ContactKind.EMAIL and user is not None and user.email == point.value


@transaction.atomic
def remove_point(point: ContactPoint) -> bool:
    """Not the address of the login: that is changed where one signs in. The next best takes its place."""
    if is_login_address(point):
        return False
    customer = Customer.objects.select_for_update().get(pk=point.customer_id)
    ContactPoint.objects.filter(pk=point.pk).delete()
    left = customer.contact_points.filter(kind=point.kind).usable().best_first().first()
    if left:
        prefer(left)
    elif point.kind == ContactKind.EMAIL:
        Customer.objects.filter(pk=customer.pk).update(email=customer.user.email if customer.user else "")
    elif point.kind in {ContactKind.MOBILE, ContactKind.LANDLINE} and point.shown == customer.phone:
        other = customer.contact_points.filter(kind__in=[ContactKind.MOBILE, ContactKind.LANDLINE]).first()
        Customer.objects.filter(pk=customer.pk).update(phone=other.shown if other else "")
    return True


def mark_unusable(kind: str, value: str, *, reason: str) -> None:
    """Whoever's it is: what we send there comes back."""
    ContactPoint.objects.filter(kind=kind, value=value, unusable_since=None).update(
        unusable_since=timezone.now(), unusable_reason=reason[:200]
    )


def mark_usable(kind: str, value: str) -> None:
    ContactPoint.objects.filter(kind=kind, value=value).update(unusable_since=None, unusable_reason="")


def unusable_points(customer: Customer) -> list[ContactPoint]:
    return list(customer.contact_points.exclude(unusable_since=None).order_by("kind", "pk"))


def preferences_of(customer: Customer) -> dict[str, ChannelPreference | None]:
    kept = {row.topic: row for row in ChannelPreference.objects.filter(customer=customer)}
    return {topic: kept.get(topic) for topic in Topic}


@transaction.atomic
def set_preference(
    customer: Customer,
    topic: str,
    *,
    channels: list[str],
    is_digest: bool,
    quiet: tuple[dt.time, dt.time] | None,
    by: User | None,
    reason: str = "",
) -> ChannelPreference:
    """`reason`: why staff set it for them. Each change is kept with who made it."""
    return ChannelPreference.objects.update_or_create(
        customer=customer,
        topic=topic,
        defaults={
            "channels": list(dict.fromkeys(channels)),
            "is_digest": is_digest,
            "quiet_from": quiet[0] if quiet else None,
            "quiet_until": quiet[1] if quiet else None,
            "changed_at": timezone.now(),
            "changed_by": by,
            "reason": reason[:200],
        },
    )[0]
