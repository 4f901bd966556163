"""The services that the portal itself needs to exist. Staff edit them afterwards; nothing here overwrites that."""

from dataclasses import dataclass

from barnet.catalogue.models import Service

BINS = "Bins and recycling"
COUNCIL = "The council"


@dataclass(frozen=True)
class FirstService:
    slug: str
    name: str
    summary: str
    category: str
    owner_unit: str
    standard_working_days: int
    start_path: str = ""
    search_words: str = ""


FIRST_SERVICES = [
    FirstService(
        "bin-collection-days",
        "Find your bin collection days",
        "See when we next empty your bins, print a calendar, or add the days to your own.",
        BINS,
        "Street Scene",
        0,
        "/bins/",
        "bin day rubbish refuse recycling garden food waste when collected calendar christmas bank holiday dustbin",
    ),
    FirstService(
        "missed-bin",
        "Report a missed bin",
        "Tell us when we did not empty your bin. We come back within two working days.",
        BINS,
        "Street Scene",
        2,
        "/bins/",
        "bin not emptied not collected missed collection forgot rubbish dustbin recycling waste complaint",
    ),
    FirstService(
        "new-bin",
        "Ask for a new bin",
        "When your bin is lost, broken or too small, or your home is new, we bring you another.",
        BINS,
        "Street Scene",
        10,
        search_words="new bin replacement broken stolen lost missing lid wheel bigger caddy recycling container",
    ),
    FirstService(
        "find-an-address",
        "Find an address",
        "Look up an address in the borough, its property number (UPRN) and its ward.",
        COUNCIL,
        "Customer services",
        0,
        "/addresses/",
        "postcode uprn ward which ward councillor property number",
    ),
    FirstService(
        "general-enquiry",
        "Ask us something else",
        "When you cannot find what you need, our advisers help by telephone and in libraries.",
        COUNCIL,
        "Customer services",
        5,
        "/contact/",
        "contact phone telephone number email complaint question enquiry help adviser",
    ),
]


def ensure_services() -> str:
    """Makes the services that are missing. What staff changed stays as it is."""
    known = set(Service.objects.values_list("slug", flat=True))
    missing = [first for first in FIRST_SERVICES if first.slug not in known]
    Service.objects.bulk_create([Service(**vars(first)) for first in missing], ignore_conflicts=True)
    return f"{len(FIRST_SERVICES)} services, {len(missing)} new"
