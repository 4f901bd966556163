import pytest

from barnet.customers.staff.roles import ensure_roles
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient


@pytest.fixture
def service(db):
    return ServiceFactory(slug="club", name="Clubs")


@pytest.fixture
def author(db):
    ensure_roles()

    def client_of(name, role="form_author"):
        client = PortalClient()
        client.force_login(StaffFactory(email=f"{name}@example.com", roles=[role]))
        return client

    return client_of


@pytest.fixture
def dev(author):
    return author("dev")


@pytest.fixture
def eve(author):
    return author("eve")
