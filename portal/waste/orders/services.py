"""Writes of orders: received as cases, and what the delivery does to the bins of the home."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.gazetteer.working_days import add_working_days
from barnet.kit.languages import in_english
from barnet.kit.wording import money
from portal.cases.models import Case
from portal.cases.services import ContactDetails, Receipt, receive_case
from portal.cases.services.writing import take_turn
from portal.waste.models import Container, ContainerOrder
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.rules import KindChoice, KindFacts, decide
from portal.waste.orders.selectors import kind_facts, order_of, same_as_key

DELIVERED, FETCHED = "delivered", "taken_back"
DONE = frozenset({DELIVERED, FETCHED})
_NOTE = _lazy("What you told us")


class NotOrderableError(Exception):
    """Something that was chosen may not be ordered (any more)."""


@dataclass(frozen=True)
class Line:
    """So many of one kind, and why."""

    code: str
    number: int
    reason: OrderReason


@dataclass(frozen=True)
class Order:
    """What somebody orders for one home. `receipt`: of the payment that a member of staff took; only staff have one."""

    address: Address
    lines: Collection[Line]
    actor: Actor
    submission_key: str
    customer: Customer | None = None
    contact: ContactDetails = field(default_factory=ContactDetails)
    note: str = ""
    receipt: str = ""
    is_by_staff: bool = False


@in_english()
@transaction.atomic
def order_containers(order: Order) -> list[Receipt]:
    """One case for each kind, all or none. A second order of a kind joins the first; a replay changes nothing.

    Orders for one home take turns, so that two of them never add up to more than the home may have.
    Raises NotOrderableError when a rule forbids a line, ValidationError when a line is no kind of ours.
    """
    take_turn(f"container-orders:{order.address.pk}")
    known = {facts.kind.code for facts in kind_facts(order.address, timezone.localdate())}
    codes = [line.code for line in order.lines]
    if not codes or len(set(codes)) != len(codes) or not known >= set(codes):
        raise ValidationError(_lazy("Choose containers from the list."))
    service = Service.objects.get(slug=SERVICE_SLUG)
    return [_order_line(service, order, line) for line in sorted(order.lines, key=lambda line: line.code)]


def _order_line(service: Service, order: Order, line: Line) -> Receipt:
    """The facts are read anew for each line: the line before it counts."""
    facts = next(facts for facts in kind_facts(order.address, timezone.localdate()) if facts.kind.code == line.code)
    choice = decide(facts)

    def write_order(case: Case) -> None:
        """The rules are asked here, when it is certain that this is neither a replay nor a second order."""
        _refuse(choice, line, order)
        case.promise_on = add_working_days(timezone.localdate(), facts.kind.promise_working_days)
        case.save(update_fields=["promise_on"])
        written = ContainerOrder.objects.create(
            case=case,
            address=order.address,
            kind=facts.kind,
            number=line.number,
            reason=line.reason,
            fee=choice.fee_for(line.reason) * line.number,
            receipt=order.receipt if choice.fee_for(line.reason) else "",
        )
        written.replaces.set(_replaced(facts, line))

    return receive_case(
        service,
        actor=order.actor,
        submission_key=hashlib.sha256(f"{order.submission_key}:{line.code}".encode()).hexdigest(),
        title=(_("Give back: %(kind)s") if line.reason == OrderReason.GIVE_BACK else _("Order: %(kind)s"))
        % {"kind": facts.kind.name},
        details=_details(choice, line, order),
        customer=order.customer,
        contact=order.contact,
        address=order.address,
        same_as_key=same_as_key(facts.kind, order.address, line.reason),
        on_created=write_order,
    )


def _refuse(choice: KindChoice, line: Line, order: Order) -> None:
    if choice.most_for(by_staff=order.is_by_staff).get(line.reason, 0) < line.number:
        raise NotOrderableError(choice.sentence)
    if line.number < 1 or (choice.fee_for(line.reason) and not order.receipt):
        raise NotOrderableError(choice.sentence)


def _replaced(facts: KindFacts, line: Line) -> list[Container]:
    if line.reason == OrderReason.GIVE_BACK:
        return facts.exactly[: line.number]
    if not line.reason.replaces:
        return []
    of = facts.smaller if line.reason == OrderReason.TOO_SMALL else facts.replaceable
    return of[: line.number]


def _details(choice: KindChoice, line: Line, order: Order) -> list[tuple[str, str]]:
    details = [
        (_("Container"), choice.kind.name),
        (_("How many"), str(line.number)),
        (_("Why"), str(line.reason.label)),
    ]
    if fee := choice.fee_for(line.reason):
        details.append((_("Paid"), money(fee * line.number)))
    if order.note:
        details.append((str(_NOTE), order.note))
    return details


def note_of(case: Case) -> str:
    """What they want the driver to know."""
    return next((str(value) for label, value in case.details if label == str(_NOTE)), "")


# --- Delivery ---------------------------------------------------------------------------------------------------------


def settle_delivery(case: Case) -> None:
    """Makes the bins of the home what the outcome says; runs in the transaction that sets or takes back the outcome.

    Done: the new ones stand on the list, those replaced or given back do not. Otherwise (also when the case is
    opened again): as it was before. Twice is the same as once.
    """
    order = order_of(case)
    if order is None or not order.kind.is_emptied:
        return
    is_done = case.outcome in DONE
    today = timezone.localdate()
    if is_done and not order.is_fetched and not order.brought.exists():
        order.brought.set(_bring(order, case))
    order.brought.update(removed_on=None if is_done else today)
    # Only those that still stand there: one that moved house meanwhile is not ours to touch.
    order.replaces.filter(address=order.address_id).update(removed_on=today if is_done else None)


def _bring(order: ContainerOrder, case: Case) -> list[Container]:
    """Under a number of ours, until the supplier's file brings that of the bin."""
    return [
        Container.objects.create(
            identifier=f"{case.reference}-{number}",
            address=order.address,
            stream=order.kind.stream,
            description=order.kind.description,
        )
        for number in range(1, order.number + 1)
    ]
