"""What a van brings and fetches: the open orders as stops, and how staff say what became of them.

A case that waits for an answer of the customer is no stop: it comes back when they have answered.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.services import record_access, record_readings
from barnet.gazetteer.models import Area
from portal.cases.enums import RUNNING_STATES
from portal.cases.registry import Outcome, kind_for
from portal.cases.services import BulkResult, MoveRefusedError, StaleCaseError, resolve_case
from portal.waste.models import ContainerOrder
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.services import DELIVERED, FETCHED, note_of

MAY_LIST = ("cases.view_case", "waste.view_containerorder")
MAY_SETTLE = (*MAY_LIST, "cases.work_case", "waste.change_containerorder")


@dataclass(frozen=True)
class StopFilters:
    """Empty means: does not matter."""

    promised_by: dt.date | None = None
    ward: str = ""  # its code
    way: str = ""  # "bring" or "fetch"


def stops(filters: StopFilters) -> QuerySet[ContainerOrder]:
    """In the order of the streets, with what a line shows."""
    found = ContainerOrder.objects.filter(case__state__in=RUNNING_STATES)
    if filters.promised_by:
        found = found.filter(case__promise_on__lte=filters.promised_by)
    if filters.ward:
        found = found.filter(case__ward__code=filters.ward)
    if filters.way:
        fetched = {"reason": "give_back"}
        found = found.filter(**fetched) if filters.way == "fetch" else found.exclude(**fetched)
    return (
        found.select_related("case__customer", "case__ward", "case__service", "address", "kind")
        .prefetch_related("replaces")
        .order_by("address__street", "address__pao_start_number", "address_id", "pk")
    )


def wards_with_stops() -> QuerySet[Area]:
    running = ContainerOrder.objects.filter(case__state__in=RUNNING_STATES)
    return Area.objects.filter(pk__in=running.values("case__ward")).order_by("name")


def chosen_stops(keys: Iterable[int]) -> QuerySet[ContainerOrder]:
    """Those that were ticked, whatever became of them meanwhile."""
    found = ContainerOrder.objects.filter(pk__in=keys).select_related("case__customer", "case__service", "address")
    return found.select_related("kind").order_by("address__street", "address__pao_start_number", "address_id", "pk")


@dataclass(frozen=True)
class Stop:
    """A line of the list. `version` is of the case as it was read."""

    order: ContainerOrder

    @property
    def bring(self) -> str:
        return "" if self.order.is_fetched else f"{self.order.number} × {self.order.kind.name}"

    @property
    def fetch(self) -> str:
        return ", ".join(f"{one.description} ({one.identifier})" for one in self.order.replaces.all())

    @property
    def phone(self) -> str:
        case = self.order.case
        return case.contact_phone or (case.customer.phone if case.customer else "")

    @property
    def note(self) -> str:
        return note_of(self.order.case)


def stops_read(found: Sequence[ContainerOrder], *, reader: User) -> list[Stop]:
    """The lines, and the record that they were read."""
    read = [(order.case.customer, f"case {order.case.reference}") for order in found]
    record_readings(actor=reader, read=read, purpose="list of deliveries")
    return [Stop(order) for order in found]


def record_file(*, reader: User, filters: str) -> None:
    record_access(actor=reader, customer=None, what="list of deliveries as a file", purpose=filters or "all stops")


def file_titles() -> list[str]:
    return [
        _("Reference"),
        _("UPRN"),
        _("Home"),
        _("Ward"),
        _("Bring"),
        _("Take away"),
        _("Promise"),
        _("Telephone"),
        _("For the driver"),
    ]


def file_row(stop: Stop) -> list[object]:
    case, home = stop.order.case, stop.order.address
    ward = case.ward.name if case.ward else ""
    promise = case.promise_on.isoformat()
    return [case.reference, home.pk, home.one_line, ward, stop.bring, stop.fetch, promise, stop.phone, stop.note]


# --- What became of them ----------------------------------------------------------------------------------------------


def settle_stops(
    orders: Iterable[ContainerOrder], *, actor: Actor, is_done: bool, words: str, versions: Mapping[int, int]
) -> list[BulkResult]:
    """One transaction a stop: its case ends, the bins of the home follow, the customer is told. What is refused, or
    was changed by somebody else since the list was read, is reported; the others go through. Twice is once.

    `versions` maps the id of an order to the version of its case that the person saw.
    """
    results = []
    for order in orders:
        outcome = outcome_of(order, is_done=is_done)
        try:
            case = resolve_case(
                order.case,
                actor=actor,
                outcome=outcome.code,
                public_reason=words or str(outcome.default_reason),
                version=versions.get(order.pk),
            )
            results.append(BulkResult(case))
        except (MoveRefusedError, StaleCaseError) as refusal:
            results.append(BulkResult(order.case, str(refusal)))
    return results


def outcome_of(order: ContainerOrder, *, is_done: bool) -> Outcome:
    code = (FETCHED if is_done else "not_found") if order.is_fetched else (DELIVERED if is_done else "no_access")
    outcome = kind_for(SERVICE_SLUG).outcome(code)
    if outcome is None:
        raise LookupError(code)
    return outcome
