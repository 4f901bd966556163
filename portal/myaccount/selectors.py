"""What the pages of an account show, in a handful of queries however much there is."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from barnet.customers.models import Customer, User
from barnet.customers.selectors import customers_for
from barnet.gazetteer.models import Address
from portal.cases.enums import CaseState
from portal.cases.models import CaseQuerySet
from portal.cases.selectors import cases_for
from portal.waste.schedule import CollectionDay
from portal.waste.selectors import next_collections

WEEKS_AHEAD = 2


@dataclass(frozen=True)
class CollectionsOfDay:
    on: dt.date
    streams: list[str]
    is_moved: bool


def requests_of(user: User, customer: Customer) -> CaseQuerySet:
    """The requests of the account that is shown: one's own, or only those of the person for whom one acts."""
    shown = Q(customer=customer)
    if customer.user_id == user.pk:
        shown |= Q(customer=None)  # sent without an account, from an address that is proved to be theirs
    return cases_for(user).filter(shown)


def waiting_for_answer(requests: CaseQuerySet) -> CaseQuerySet:
    return requests.filter(state=CaseState.WAITING).order_by("-opened_at", "-pk")


def has_full_authority(user: User, customer: Customer) -> bool:
    """False when the authority is for some services only: then the rest of the account stays closed."""
    return customers_for(user).filter(pk=customer.pk).exists()


def collections_ahead(address: Address | None) -> list[CollectionsOfDay]:
    """The next collections by day. Nothing for an address without rounds."""
    if address is None:
        return []
    by_day: dict[dt.date, list[CollectionDay]] = {}
    for collection in next_collections(address, from_on=timezone.localdate(), weeks=WEEKS_AHEAD):
        if collection.is_suspended:
            continue
        by_day.setdefault(collection.on, []).append(collection)
    return [
        CollectionsOfDay(
            on,
            [str(collection.stream.label) for collection in collections],
            any(collection.is_moved for collection in collections),
        )
        for on, collections in sorted(by_day.items())
    ][:4]
