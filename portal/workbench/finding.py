"""One box for people, addresses and requests: each officer finds what they may see."""

from dataclasses import dataclass, field

from django.urls import reverse

from barnet.customers.finding import customers_at, digits_of, found_exactly, search_customers
from barnet.customers.models import Customer, User
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn, find_for_staff
from barnet.kit.references import InvalidReferenceError, parse_reference
from portal.cases.models import Case
from portal.cases.selectors import cases_seen_by
from portal.smartforms.results.vehicles import cases_with_vehicle

CUSTOMER, CASE, ADDRESS = "customers.view_customer", "cases.view_case", "gazetteer.view_address"
SHOWN = 20
ADDRESSES_SHOWN = 10
FEWEST_SIGNS = 3


@dataclass(frozen=True)
class Found:
    """`straight`: the one page that was meant, when what was typed can mean only that."""

    straight: str = ""
    customers: list[Customer] = field(default_factory=list)
    neighbours: list[Customer] = field(default_factory=list)  # registered at one of the addresses
    addresses: list[Address] = field(default_factory=list)
    vehicles: list[Case] = field(default_factory=list)  # requests that name this vehicle
    has_more: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.straight or self.customers or self.neighbours or self.addresses or self.vehicles)

    @property
    def shows_people(self) -> bool:
        return bool(self.customers or self.neighbours)


def find(user: User, text: str) -> Found:
    """Text from strangers never raises. A reference that is none of ours finds nothing else either."""
    if straight := _case_named(user, text):
        return Found(straight)
    customers = search_customers(text, limit=SHOWN + 1) if user.has_perm(CUSTOMER) else []
    addresses = _addresses(text) if user.has_perm(ADDRESS) else []
    is_exact = bool(digits_of(text)) or "@" in text
    if is_exact and len(customers) + len(addresses) == 1:
        return Found(_page_of(customers, addresses))
    keys = {customer.pk for customer in customers}
    at_home = customers_at([address.pk for address in addresses], limit=SHOWN) if _is_an_address(user, text) else []
    vehicles = cases_with_vehicle(user, text, limit=SHOWN)
    if len(vehicles) == 1 and not (customers or addresses):
        return Found(reverse("staff_case", args=[vehicles[0].reference]))
    return Found(
        vehicles=vehicles,
        customers=customers[:SHOWN],
        has_more=len(customers) > SHOWN,
        addresses=addresses,
        neighbours=[customer for customer in at_home if customer.pk not in keys],
    )


def _is_an_address(user: User, text: str) -> bool:
    """By an address with a number, not by a street alone, nor by what found people already."""
    return user.has_perm(CUSTOMER) and any(sign.isdigit() for sign in text) and found_exactly(text) is None


def may_find(user: User) -> bool:
    return any(user.has_perm(permission) for permission in (CUSTOMER, CASE, ADDRESS))


def _case_named(user: User, text: str) -> str:
    if not user.has_perm(CASE):
        return ""
    try:
        reference = parse_reference(text)
    except InvalidReferenceError:
        return ""
    is_ours = cases_seen_by(user).filter(reference=reference).exists()
    return reverse("staff_case", args=[reference]) if is_ours else ""


def _addresses(text: str) -> list[Address]:
    if "@" in text:
        return []
    if digits_of(text):
        found = address_by_uprn(text)
        return [found] if found else []
    return find_for_staff(text, limit=ADDRESSES_SHOWN)


def _page_of(customers: list[Customer], addresses: list[Address]) -> str:
    if customers:
        return reverse("staff_customer", args=[customers[0].pk])
    return reverse("staff_address", args=[addresses[0].pk])
