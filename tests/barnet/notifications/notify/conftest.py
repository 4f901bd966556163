"""A Notify of the tests, a way to write messages, and one to tell us of receipts."""

import json

import pytest

from barnet.notifications.models import Message
from barnet.notifications.services import queue_message
from tests.barnet.notifications.notify import simulating
from tests.barnet.notifications.notify.places import CALLBACK
from tests.barnet.notifications.notify.simulating import CALLBACK_TOKEN, simulator


@pytest.fixture
def notify(settings):
    with simulator() as one:
        simulating.use(settings, one.url)
        yield one


@pytest.fixture
def write(kind, fields, notify, db):
    def write(key="case:1:1", email="asha@example.com") -> Message:
        return queue_message(kind.key, key=key, email=email, fields=fields)[0]

    return write


@pytest.fixture
def tell(client, notify):
    def tell(message, status="delivered", *, token=CALLBACK_TOKEN, **told):
        told = {"id": "x", "reference": message.provider_reference, "status": status, **told}
        return client.post(CALLBACK, json.dumps(told), "application/json", headers={"Authorization": f"Bearer {token}"})

    return tell
