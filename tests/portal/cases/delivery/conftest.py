import pytest

from barnet.customers.actors import Actor
from portal.cases.models import BackOffice
from portal.cases.services import receive_case
from tests import factories
from tests.portal.cases.delivery import office


@pytest.fixture
def lamps():
    """The system of the firm that looks after the lamps."""
    with office.running() as running:
        yield running


@pytest.fixture
def make_office(db):
    def make(slug="lamps", *, service=None, **said):
        made = BackOffice(slug=slug, name=said.pop("name", slug.title()), kind=said.pop("kind", "webhook"), **said)
        made.secret = office.SECRET
        made.save()
        made.services.add(service or factories.ServiceFactory(slug="street-light", name="Street light"))
        return made

    return make


@pytest.fixture
def lamp_office(lamps, make_office):
    return make_office(url=lamps.url)


@pytest.fixture
def receive(db):
    """Somebody reports a lamp."""

    def receive(number=1, *, service=None, **said):
        service = service or factories.ServiceFactory(slug="street-light", name="Street light")
        said = {"title": f"Lamp {number}", "details": [("Which", str(number))], **said}
        return receive_case(service, actor=Actor.visitor(), submission_key=f"lamp {number}", **said).case

    return receive
