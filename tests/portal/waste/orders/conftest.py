import datetime as dt
import uuid

import pytest

from barnet.catalogue.models import Fee
from barnet.customers.actors import Actor
from portal.cases.services import ContactDetails
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.ground import ensure_kinds
from portal.waste.orders.services import Line, Order, order_containers
from tests.factories import ServiceFactory
from tests.portal.waste.factories import equip

FREE = ("recycling-240", "recycling-box", "food-caddy-outdoor", "food-caddy-kitchen")
CHARGED = {"refuse-180": 6800, "refuse-240": 7400, "garden-240": 3500}


def lay_ground():
    service = ServiceFactory(slug="new-bin", name="Ask for a new bin", standard_working_days=10)
    for code, amount in {**dict.fromkeys(FREE, 0), **CHARGED}.items():
        Fee.objects.create(
            service=service, code=code, label=code, amount=amount, concession="standard", from_on=dt.date(2026, 4, 1)
        )
    ensure_kinds()
    return service


LISTED = {
    "refuse": "Black 240 litre wheeled bin",
    "recycling": "Blue 240 litre wheeled bin",
    "food": "Brown 23 litre food caddy",
    "garden": "Green 240 litre wheeled bin",
}


def put_on_rounds(home, *streams):
    """With a bin as the catalogue describes it; returns the last."""
    for stream in streams:
        container = equip(home, stream=stream)
        container.description = LISTED[stream]
        container.save()
    return container


@pytest.fixture
def ordering(rules, at):
    """It is Tuesday, 7 July 2026, and the catalogue is laid."""
    at(2026, 7, 7, 9)
    return lay_ground()


@pytest.fixture
def served(home, ordering):
    """The home is on rounds for refuse, recycling and food, with one bin each."""
    return [put_on_rounds(home, stream) for stream in ("refuse", "recycling", "food")]


def order(home, *lines, customer=None, actor=None, key=None, email="", **more):
    """`lines`: (code, number, reason)."""
    user = customer.user if customer else None
    return Order(
        address=home,
        lines=[Line(code, number, OrderReason(reason)) for code, number, reason in lines],
        actor=actor or (Actor.online(user, customer) if user else Actor.visitor()),
        submission_key=key or uuid.uuid4().hex,
        customer=customer,
        contact=ContactDetails(name="Pat Example", email=email),
        **more,
    )


def ordered(home, *lines, **more):
    return order_containers(order(home, *lines, **more))
