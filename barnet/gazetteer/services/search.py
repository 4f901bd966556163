"""The search behind the address picker: our own table, and OS Places where that is wanted.

Guarantees: OS Places is not asked while our table answers, unless it is set to come first; when it fails, limits or
takes too long, our table answers, the log and the readiness page say so, and it is left alone for a while. What it
knows and we do not is added to our table, so that it can be chosen; what we know is never changed by it.
"""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.cache import cache

from barnet.gazetteer import os_places
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import addresses_at_postcode, find_addresses, parse_postcode

logger = structlog.get_logger(__name__)
FAILED = "os_places_failed"


def search_addresses(text: str, *, limit: int) -> list[Address]:
    """By a whole postcode all its addresses in natural order, else those that a person means, best first."""
    if settings.OS_PLACES_FIRST and (found := _from_os_places(text, limit)) is not None:
        return found
    found = _from_our_table(text, limit)
    if found or settings.OS_PLACES_FIRST:
        return found
    return _from_os_places(text, limit) or []


def _from_our_table(text: str, limit: int) -> list[Address]:
    if parse_postcode(text):
        return list(addresses_at_postcode(text)[:limit])
    return find_addresses(text, limit=limit)


def _from_os_places(text: str, limit: int) -> list[Address] | None:
    """None when it cannot tell."""
    if not os_places.is_configured() or cache.get(FAILED):
        return None
    postcode = parse_postcode(text)
    ask: Callable[[], list[Address]] = (
        (lambda: os_places.at_postcode(postcode)) if postcode else (lambda: os_places.like(text))
    )
    try:
        told = ask()
    except os_places.NoAnswerError as error:
        cache.set(FAILED, error.reason, error.wait)
        logger.warning("os_places_failed", reason=error.reason, wait=error.wait)
        return None
    return _in_our_table(told, by_number=bool(postcode))[:limit]


def _in_our_table(told: list[Address], *, by_number: bool) -> list[Address]:
    Address.objects.bulk_create(told, ignore_conflicts=True)
    ours = Address.objects.postal().filter(pk__in=[address.pk for address in told])
    if by_number:
        return list(ours.in_natural_order())
    place = {address.pk: number for number, address in enumerate(told)}
    return sorted(ours, key=lambda address: place[address.pk])


def check_search() -> str:
    """For the readiness page. The portal is ready without OS Places."""
    if not os_places.is_configured():
        return "our own table"
    reason = cache.get(FAILED)
    return f"our own table: OS Places does not answer ({reason})" if reason else "our own table and OS Places"
