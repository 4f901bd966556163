"""The browsers in which somebody turned notifications on."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import Customer
from barnet.notifications.models import PushDevice
from barnet.notifications.push import keys

MOST_DEVICES = 10  # all are told within one attempt


class TooManyDevicesError(Exception):
    """Remove one first."""


class NotTheirsError(Exception):
    """The subscription is known with other keys: whoever sends it is not the browser that made it."""


def devices_of(customer: Customer) -> QuerySet[PushDevice]:
    """Those that we can reach: a subscription to an earlier key of ours takes nothing from us any more."""
    return _within_reach().filter(customer=customer)


def with_devices(customers: Collection[Customer]) -> frozenset[int]:
    """The keys of those who have one."""
    return frozenset(_within_reach().filter(customer__in=customers).order_by().values_list("customer", flat=True))


def _within_reach() -> QuerySet[PushDevice]:
    devices = PushDevice.objects.filter(customer__user__is_active=True)
    return devices.filter(server_key=keys.public_key()) if keys.is_set_up() else devices.none()


@transaction.atomic
def add_device(customer: Customer, *, endpoint: str, p256dh: str, auth: str, name: str) -> bool:
    """Whether it is new for this person. A browser belongs to whoever turned notifications on in it last."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    known = PushDevice.objects.select_for_update().filter(endpoint=endpoint).first()
    if known and (known.p256dh, known.auth) != (p256dh, auth):
        raise NotTheirsError
    is_new = known is None or known.customer_id != customer.pk
    if is_new and PushDevice.objects.filter(customer=customer).count() >= MOST_DEVICES:
        raise TooManyDevicesError
    device = known or PushDevice(endpoint=endpoint, p256dh=p256dh, auth=auth)
    device.customer, device.name, device.server_key = customer, name, keys.public_key()
    if is_new:
        device.added_at, device.last_used_at = timezone.now(), None
    try:
        with transaction.atomic():
            device.save()
    except IntegrityError:  # sent twice at once: the other request has stored it
        return False
    return is_new


def remove_device(customer: Customer, pk: int) -> bool:
    """False: it was removed already."""
    return bool(PushDevice.objects.filter(customer=customer, pk=pk).delete()[0])


_SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")]
_SYSTEMS += [("CrOS", "Chromebook"), ("Mac OS", "Mac"), ("Linux", "Linux")]
_BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")]
_BROWSERS += [("Chrome", "Chrome"), ("Safari", "Safari")]


def device_name(user_agent: str) -> str:
    """By which a person knows their device again: `Chrome on Android`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _("A browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), _("a device"))
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
