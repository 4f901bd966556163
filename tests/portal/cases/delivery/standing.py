"""How deliveries and requests stand, and what makes them go on."""

import datetime as dt

from django.utils import timezone

from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.open311.hearing import hear_offices
from portal.cases.models import Delivery


def hurry():
    """The pause is over."""
    Delivery.objects.filter(state=DeliveryState.WAITING).update(due_at=timezone.now())


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def soon(seconds=1):
    return timezone.now() + dt.timedelta(seconds=seconds)


def hear(case):
    told = hear_offices()
    case.refresh_from_db()
    return told
