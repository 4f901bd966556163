"""A librarian at the desk, and Vera, whom they help without an account."""

import pytest

from barnet.customers.models import AssistedVisit
from tests import factories

SAID = {"purpose": "report a missed bin", "agrees": "on"}


@pytest.fixture
def librarian():
    return factories.StaffFactory(email="librarian@example.com", roles=["librarian"])


@pytest.fixture
def desk(client, librarian):
    client.force_login(librarian)
    return client


def begin(desk, address="/staff/visit/new/", **said):
    form = desk.get(address).context["form"]
    places = [name for name, _label in form.fields["place"].choices] if "place" in form.fields else [""]
    return desk.post(address, {**SAID, "place": places[-1], **said, "submission_key": form["submission_key"].value()})


@pytest.fixture
def helped(desk):
    """Vera, without an account, is at the desk."""
    begin(desk, name="Vera Visitor")
    return AssistedVisit.objects.get()


@pytest.fixture
def handed(desk, helped):
    desk.post("/staff/visit/hand-over/", {"next": "/bins/"})
    return helped
