"""What a home may order, and what was ordered."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from barnet.catalogue.models import ContactWay, Fee
from barnet.catalogue.pricing import Price, prices
from barnet.gazetteer.models import Address
from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import Case
from portal.waste import selectors as bins
from portal.waste.models import Container, ContainerKind, ContainerOrder
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.rules import KindChoice, KindFacts, decide

_LATELY = dt.timedelta(days=180)


def orderable(address: Address, today: dt.date) -> list[KindChoice]:
    """Every kind that is offered today. The same few queries however many kinds, bins and orders."""
    return [decide(facts) for facts in kind_facts(address, today)]


def kind_facts(address: Address, today: dt.date) -> list[KindFacts]:
    """Open orders are read before the bins: what is delivered in between is counted twice rather than not at all."""
    orders = list(
        ContainerOrder.objects.filter(address=address).select_related("case", "kind").prefetch_related("replaces")
    )
    open_orders = [order for order in orders if order.case.state in OPEN_STATES]
    spoken_for = {container.pk for order in open_orders for container in order.replaces.all()}
    containers = bins.containers_of(address)
    kinds = list(ContainerKind.objects.offered(today))
    by_description = {kind.description.casefold(): kind for kind in ContainerKind.objects.all()}
    streams = {tour.stream for tour in bins.rounds_of(address)}
    current = _prices(today)
    facts = []
    for kind in kinds:
        held = _held(kind, containers, by_description) if kind.is_emptied else []
        replaceable = [container for container in held if container.pk not in spoken_for]
        facts.append(
            KindFacts(
                kind=kind,
                has_round=kind.stream in streams,
                held=held,
                replaceable=replaceable,
                smaller=[
                    one for one in replaceable if _is_smaller(by_description.get(one.description.casefold()), kind)
                ],
                exactly=[one for one in replaceable if one.description.casefold() == kind.description.casefold()],
                pending=sum(
                    order.number
                    for order in open_orders
                    if order.kind.group == kind.group and OrderReason(order.reason).adds
                ),
                was_lately_brought=not kind.is_emptied
                and any(_was_brought_since(order, kind, today - _LATELY) for order in orders),
                price=current.get(kind.fee_code),
                open_case=_open_case(kind, open_orders, is_fetched=False),
                fetched_case=_open_case(kind, open_orders, is_fetched=True),
            )
        )
    return facts


def same_as_key(kind: ContainerKind, address: Address, reason: OrderReason) -> str:
    """What a second open order shares with the first. To bring and to fetch are two things."""
    what = "container-back" if reason == OrderReason.GIVE_BACK else "container-order"
    return f"{what}:{kind.pk}:{address.pk}"


def _open_case(kind: ContainerKind, open_orders: Sequence[ContainerOrder], *, is_fetched: bool) -> Case | None:
    cases = (
        order.case
        for order in open_orders
        if order.kind_id == kind.pk and (order.reason == OrderReason.GIVE_BACK) == is_fetched
    )
    return next(cases, None)


def _held(kind: ContainerKind, containers: Sequence[Container], known: dict[str, ContainerKind]) -> list[Container]:
    def counts(container: Container) -> bool:
        its = known.get(container.description.casefold())
        return container.stream == kind.stream and (its is None or its.group == kind.group)

    held = [container for container in containers if counts(container)]
    return sorted(held, key=lambda one: (one.description.casefold() != kind.description.casefold(), one.pk))


def _is_smaller(its: ContainerKind | None, kind: ContainerKind) -> bool:
    return its is not None and (its.litres or 0) < (kind.litres or 0)


def _was_brought_since(order: ContainerOrder, kind: ContainerKind, since: dt.date) -> bool:
    case = order.case
    return (
        order.kind_id == kind.pk
        and case.state == CaseState.RESOLVED
        and case.outcome == "delivered"
        and order.reason != OrderReason.GIVE_BACK
        and case.resolved_at is not None
        and timezone.localdate(case.resolved_at) >= since
    )


def _prices(today: dt.date) -> dict[str, Price]:
    fees = Fee.objects.filter(service__slug=SERVICE_SLUG, concession="standard")
    found = prices(fees.filter(Q(to_on=None) | Q(to_on__gte=today)), today)
    return {fee.code: price for price in found for fee in (price.current, price.coming) if fee}


def ways_to_order() -> list[ContactWay]:
    return list(ContactWay.objects.filter(service__slug=SERVICE_SLUG))


def orders_of(cases: Sequence[int]) -> dict[int, ContainerOrder]:
    found = ContainerOrder.objects.filter(case__in=cases).select_related("case", "kind", "address")
    return {order.case_id: order for order in found}


def order_of(case: Case) -> ContainerOrder | None:
    return ContainerOrder.objects.filter(case=case).select_related("kind", "address").first()
