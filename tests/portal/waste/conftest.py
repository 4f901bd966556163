import datetime as dt

import pytest
from django.utils import timezone

from portal.waste.ground import ensure_reporting_rules
from tests.factories import AddressFactory, ServiceFactory
from tests.portal.waste.factories import equip


@pytest.fixture
def at(monkeypatch):
    """`at(2026, 7, 7, 9)`: from now on it is that moment in London."""

    def travel(*moment: int) -> dt.datetime:
        now = timezone.make_aware(dt.datetime(*moment))
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return travel


@pytest.fixture
def rules(db):
    ensure_reporting_rules()
    return ServiceFactory()


@pytest.fixture
def home(rules):
    """A home whose refuse is collected on Mondays; the round is done by 6pm."""
    return AddressFactory(uprn=900000000001, one_line="1 High Street, Barnet, EN5 4AA")


@pytest.fixture
def black_bin(home):
    return equip(home)
