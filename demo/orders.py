"""A few orders of bins, through the same services as everybody: some to bring, one to fetch, some done."""

import datetime as dt
from collections.abc import Iterable, Iterator

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import Customer, User
from portal.cases.models import Case, Team
from portal.cases.registry import kind_for
from portal.cases.services import ask_customer, assign_case, resolve_case
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.selectors import orderable
from portal.waste.orders.services import DELIVERED, FETCHED, Line, Order, order_containers

# Why, and what has become of it: an outcome, "given" to a team, "asked" a question, or nothing yet.
_WISHES = [
    (OrderReason.LOST, ""),
    (OrderReason.DAMAGED, ""),
    (OrderReason.GIVE_BACK, ""),
    (OrderReason.DAMAGED, "given"),
    (OrderReason.LOST, "asked"),
    (OrderReason.DAMAGED, DELIVERED),
    (OrderReason.LOST, "no_access"),
    (OrderReason.GIVE_BACK, FETCHED),
]


def order_bins(people: Iterable[Customer], *, officer: User, office: Team, today: dt.date) -> int:
    """How many were made: a home that may not order what is wanted is passed over."""
    homes = iter([person for person in people if person.address_id])
    made = 0
    for number, (reason, then) in enumerate(_WISHES):
        case = next(_orders(homes, reason, f"demo-order-{number}", officer, today), None)
        if case is None:
            break
        made += 1
        _go_on(case, then, officer, office)
    return made


def _orders(people: Iterator[Customer], reason: OrderReason, key: str, officer: User, today: dt.date) -> Iterator[Case]:
    for person in people:
        assert person.address is not None
        codes = [one.kind.code for one in orderable(person.address, today) if reason in one.most_for(by_staff=False)]
        if codes:
            wish = Order(
                address=person.address,
                lines=[Line(codes[0], 1, reason)],
                actor=Actor.staff(officer, Channel.PHONE),
                submission_key=key,
                customer=person,
            )
            yield order_containers(wish)[0].case


def _go_on(case: Case, then: str, officer: User, office: Team) -> None:
    actor = Actor.staff(officer)
    if then:
        case = assign_case(case, actor=actor, team=office)
    if then == "asked":
        ask_customer(case, actor=actor, question="Where at your home may we leave it?")
    elif outcome := next((one for one in kind_for(SERVICE_SLUG).outcomes if one.code == then), None):
        resolve_case(case, actor=actor, outcome=outcome.code, public_reason=str(outcome.default_reason))
