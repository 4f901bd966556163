"""The service by which the team asks those who did not answer. Nobody asks for it, so it is not in the catalogue."""

from barnet.catalogue.models import Category, Service
from portal.waste.assisted.purpose import ensure_purpose
from portal.waste.assisted.services import REVIEW_SERVICE


def ensure_assisted() -> str:
    ensure_purpose()
    Service.objects.get_or_create(
        slug=REVIEW_SERVICE,
        defaults={
            "name": "Review of an assisted collection",
            "summary": "We ask whether somebody still needs help with putting bins out.",
            "category": Category.objects.filter(slug="bins-and-recycling").first(),
            "owner_unit": "Street Scene",
            "standard_working_days": 10,
            "live": False,
        },
    )
    return "purpose and review of assisted collections"
