import datetime as dt

import pytest
from django.utils import timezone

from barnet.catalogue.models import HelpPoint
from tests import factories
from tests.people import PortalClient
from tests.portal.waste.photos import photo

HENDON = "Hendon Library"


def client_of(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


@pytest.fixture
def libby(db):
    """A librarian, who may certify."""
    return factories.StaffFactory(email="libby@example.com", first_name="Libby", last_name="Reed", roles=["librarian"])


@pytest.fixture
def at_desk(libby):
    HelpPoint.objects.create(kind="counter", label=HENDON, value="The Burroughs")
    return client_of(libby)


@pytest.fixture
def passport(db):
    return factories.DocumentKindFactory()


@pytest.fixture
def bill(db):
    """Proves where somebody lives, for three months."""
    return factories.DocumentKindFactory(name="Water bill", proves=["address"], months=3, has_expiry=False)


def in_boxes(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


NO_EXPIRY = {f"expires_on_{part}": "" for part in ("day", "month", "year")}


@pytest.fixture
def filled(passport):
    """What Libby fills in for a passport."""

    def answers(page, **changes):
        today = timezone.localdate()
        return {
            "submission_key": page.context["form"]["submission_key"].value(),
            "kind": str(passport.pk),
            "photo": photo("passport.jpg"),
            **in_boxes("dated_on", today - dt.timedelta(days=400)),
            **in_boxes("expires_on", today + dt.timedelta(days=3000)),
            "place": HENDON,
            "is_seen": "on",
            **changes,
        }

    return answers
