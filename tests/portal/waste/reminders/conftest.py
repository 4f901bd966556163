"""People who asked to be reminded, on the afternoon before their bins are collected."""

import pytest
from django.utils import timezone

from portal.waste.models import Subscription
from portal.waste.subscribing import subscribe_customer


@pytest.fixture
def sunday(black_bin, at):
    """The afternoon before refuse is collected, an hour before reminders go out."""
    return at(2026, 7, 5, 16)


@pytest.fixture
def asha_asked(asha, home, sunday):
    return subscribe_customer(asha, home, ["refuse", "food"])


@pytest.fixture
def stranger_asked(home, sunday):
    return Subscription.objects.create(
        address=home, email="visitor@example.com", streams=["refuse"], confirmed_at=timezone.now()
    )
