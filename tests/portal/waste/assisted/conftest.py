import uuid

import pytest

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from portal.cases.services import ContactDetails
from portal.waste.assisted.ground import ensure_assisted
from portal.waste.assisted.purpose import text_of_today
from portal.waste.assisted.services import Application, Place, Terms, apply_for_assistance, grant_assistance
from tests.factories import ServiceFactory


def lay_ground() -> Service:
    ensure_assisted()
    return ServiceFactory(slug="assisted-collection", name="Help with putting your bins out", standard_working_days=5)


@pytest.fixture
def ground(rules):
    return lay_ground()


@pytest.fixture
def asking(ground, at):
    """Asha's home is that of the test; it is Tuesday, 7 July 2026."""
    at(2026, 7, 7, 9)


def application(home, customer=None, *, key=None, email="", user=None, **more):
    user = user or (customer.user if customer else None)
    return Application(
        address=home,
        actor=Actor.online(user, customer) if user else Actor.visitor(),
        submission_key=key or uuid.uuid4().hex,
        need="cannot_move",
        need_words="My back",
        place=Place("rear", "Through the green gate", "4711"),
        text=text_of_today(),
        customer=customer,
        contact=ContactDetails(name="Somebody", email=email),
        **more,
    )


def terms(from_on, until=None, review_on=None):
    return Terms(
        from_on,
        until,
        review_on or from_on.replace(year=from_on.year + 1),
        Place("rear", "Through the green gate", "4711"),
    )


def granted(home, customer, from_on, until=None, **more):
    case = apply_for_assistance(application(home, customer, **more)).case
    return grant_assistance(case, terms(from_on, until), actor=Actor.system())
