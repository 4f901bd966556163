"""Everything that the page of one service shows. The same few queries for every service."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.enums import ContactKind
from barnet.catalogue.linked_data import government_service
from barnet.catalogue.models import HelpPoint, Service, WayToReachUs
from barnet.catalogue.pricing import Price, prices, vat_note
from barnet.gazetteer.openings import Opening, openings


@dataclass(frozen=True)
class Reach:
    """One way to reach us, with how it stands now."""

    way: WayToReachUs
    opening: Opening | None

    @property
    def link(self) -> str:
        """For a telephone or a mail program, "" for a place."""
        if self.way.kind == ContactKind.PHONE:
            return f"tel:{re.sub(r'[^0-9+]', '', self.way.value)}"
        return f"mailto:{self.way.value}" if self.way.kind == ContactKind.EMAIL else ""


def service_page(service: Service, now: dt.datetime | None = None) -> dict[str, Any]:
    now = now or timezone.now()
    own, help_points = list(service.contact_ways.all()), list(HelpPoint.objects.all())
    hours = openings((way.hours_at for way in (*own, *help_points)), now)
    found = prices(service.fees.all(), timezone.localdate(now))
    return {
        "service": service,
        "trail": trail(service),
        "paragraphs": paragraphs(service.body),
        "ways": _reaches(own, hours),
        "help_points": _reaches(help_points, hours),
        "fee_head": [_("What"), _("Who"), _("Today"), _("Change")],
        "fee_rows": [_fee_row(price) for price in found],
        "vat_note": vat_note(found),
        "linked_data": government_service(service, (*own, *help_points), found),
    }


def trail(service: Service) -> list[tuple[str, str]]:
    above = [(service.category.name, service.category.get_absolute_url())] if service.category else []
    return [(_("Home"), "/"), (_("Services"), "/services/"), *above, (service.name, "")]


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def _reaches(ways: Iterable[WayToReachUs], hours: dict[str, Opening]) -> list[Reach]:
    return [Reach(way, hours.get(way.hours_at.upper())) for way in ways]


def _fee_row(price: Price) -> tuple[str, str, str, str]:
    return price.label, price.payer, price.now, price.change
