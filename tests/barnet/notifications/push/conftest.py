import datetime as dt

import pytest

from barnet.notifications.push import devices
from tests.barnet.notifications.push import simulator


@pytest.fixture
def service(settings, monkeypatch):
    """Nobody is told in the night: these tests shall not depend on the clock."""
    monkeypatch.setattr("barnet.notifications.moments.NIGHT", (dt.time(3), dt.time(3, 0, 1)))
    with simulator.push_service() as one:
        simulator.use(settings, one.url)
        yield one


@pytest.fixture
def turn_on(service):
    def turn_on(customer, name):
        devices.add_device(customer, name=name, **service.browser(name).subscription())

    return turn_on
