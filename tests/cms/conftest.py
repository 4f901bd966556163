"""The website as the ground lays it, and the people who write it."""

import pytest

from barnet.catalogue.services import ensure_services
from barnet.customers.models import User
from barnet.customers.staff.roles import ensure_roles
from cms import seeds
from cms.models import ContentPage, HomePage
from cms.services import ensure_website
from tests import factories
from tests.people import PortalClient


@pytest.fixture
def website(db) -> HomePage:
    """All of it."""
    ensure_roles()
    ensure_services()
    ensure_website()
    return HomePage.objects.get()


@pytest.fixture
def home(db, monkeypatch) -> HomePage:
    """With the fewest pages, because laying them takes most of the time of a test."""
    monkeypatch.setattr(seeds, "PAGES", [seeds.CONTACT])
    ensure_roles()
    ensure_services()
    ensure_website()
    return HomePage.objects.get()


@pytest.fixture
def edie(home) -> User:
    """Writes."""
    return factories.StaffFactory(email="edie@example.com", first_name="Edie", roles=["editor"])


@pytest.fixture
def eric(home) -> User:
    """Reads what Edie wrote."""
    return factories.StaffFactory(email="eric@example.com", first_name="Eric", roles=["editor"])


@pytest.fixture
def anna(home) -> User:
    return factories.StaffFactory(email="anna@example.com", first_name="Anna", roles=["administrator"])


@pytest.fixture
def boss(home) -> User:
    """May do anything, as far as Django is concerned."""
    return factories.StaffFactory(email="boss@example.com", is_superuser=True)


@pytest.fixture
def as_user():
    def signed_in(user: User) -> PortalClient:
        client = PortalClient()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def make_page(home):
    """A public page, as if somebody long gone had written it."""

    def make(slug: str = "garden", *, live: bool = True, parent=None, **fields) -> ContentPage:
        values = {"title": slug.replace("-", " ").title(), "summary": f"About {slug}.", **fields}
        page = (parent or home).add_child(instance=ContentPage(slug=slug, live=False, **values))
        revision = page.save_revision()
        if live:
            revision.publish()
        page.refresh_from_db()
        return page

    return make
