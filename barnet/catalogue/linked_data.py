"""A service as schema.org describes a GovernmentService, for search engines."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from barnet.catalogue.enums import ContactKind
from barnet.catalogue.models import Service, WayToReachUs
from barnet.catalogue.pricing import Price


def government_service(service: Service, ways: Iterable[WayToReachUs], found: Iterable[Price]) -> dict[str, Any]:
    council = {"@type": "GovernmentOrganization", "name": settings.COUNCIL_NAME, "url": f"{settings.BASE_URL}/"}
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": service.name,
        "description": service.summary,
        "url": f"{settings.BASE_URL}{service.get_absolute_url()}",
        "serviceOperator": council,
        "provider": {**council, "department": {"@type": "GovernmentOrganization", "name": service.owner_unit}},
        "areaServed": {"@type": "AdministrativeArea", "name": settings.COUNCIL_AREA},
    }
    if service.category:
        described["serviceType"] = service.category.name
    if service.who_may:
        described["audience"] = {"@type": "Audience", "audienceType": service.who_may}
    if service.lgsl:
        described["identifier"] = {"@type": "PropertyValue", "propertyID": "LGSL", "value": str(service.lgsl)}
    channels = [*_online(service), *_by_phone(ways)]
    if channels:
        described["availableChannel"] = channels
    offers = [_offer(price) for price in found if price.current]
    if offers:
        described["offers"] = offers
    return described


def _online(service: Service) -> list[dict[str, Any]]:
    if not service.start_path:
        return []
    return [{"@type": "ServiceChannel", "serviceUrl": f"{settings.BASE_URL}{service.start_path}"}]


def _by_phone(ways: Iterable[WayToReachUs]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "ServiceChannel",
            "servicePhone": {"@type": "ContactPoint", "name": way.label, "telephone": way.value},
        }
        for way in ways
        if way.kind == ContactKind.PHONE
    ]


def _offer(price: Price) -> dict[str, Any]:
    assert price.current
    offer = {
        "@type": "Offer",
        "name": price.label,
        "description": price.payer,
        "price": f"{price.current.amount / 100:.2f}",
        "priceCurrency": "GBP",
        "validFrom": price.current.from_on.isoformat(),
    }
    ends: dt.date | None = price.current.to_on
    return {**offer, "priceValidUntil": ends.isoformat()} if ends else offer
