"""What callers ask about bins, on the page of the customer: the next collections, and whether the crew fetches them."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.linked import Link, LinkedService, register
from barnet.customers.models import Customer, User
from barnet.kit.wording import date_long, day
from portal.waste.assisted.selectors import VIEW
from portal.waste.models import AssistedCollection
from portal.waste.selectors import next_collections

WEEKS_AHEAD = 2


def register_linked() -> None:
    register(LinkedService("waste: collections", _collections, order=10))
    register(LinkedService("waste: assisted", _assisted, order=11))


def _collections(customer: Customer, _reader: User) -> Sequence[Link]:
    if customer.address is None:
        return []
    soonest: dict[str, dt.date] = {}
    for collection in next_collections(customer.address, from_on=timezone.localdate(), weeks=WEEKS_AHEAD):
        if not collection.is_suspended:
            soonest.setdefault(str(collection.stream.label), collection.on)
    if not soonest:
        return []
    says = "\n".join(f"{stream}: {day(on)}" for stream, on in soonest.items())
    return [Link(_("Bin collections"), says, reverse("collection_days", args=[customer.address.uprn]))]


def _assisted(customer: Customer, reader: User) -> Sequence[Link]:
    if not reader.has_perm(VIEW):
        return []
    held = AssistedCollection.objects.filter(customer=customer).not_over(timezone.localdate())  # type: ignore[attr-defined]
    return [
        Link(
            _("Help with bins"),
            _("Our crew fetches them since %(day)s.") % {"day": date_long(one.from_on)},
            reverse("staff_assisted", args=[one.pk]),
        )
        for one in held.order_by("from_on")
    ]
