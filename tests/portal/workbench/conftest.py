import pytest

from barnet.customers.actors import Actor
from portal.cases.models import Case, ContactReason, Team
from portal.cases.services import receive_case
from tests import factories
from tests.visits import desk, handed, helped, librarian  # noqa: F401 - fixtures


@pytest.fixture
def service(db):
    return factories.ServiceFactory(slug="general-enquiry", name="Ask us", standard_working_days=2)


@pytest.fixture
def ashas_case(asha, service) -> Case:
    return receive_case(
        service,
        actor=Actor.online(asha.user, asha),
        submission_key="asha-1",
        title="Missed bin: recycling",
        details=[("Which bin", "Recycling")],
        customer=asha,
        address=factories.AddressFactory(),
    ).case


@pytest.fixture
def reason(db) -> ContactReason:
    return ContactReason.objects.create(name="What happens with it", is_avoidable=True)


@pytest.fixture
def team(dev) -> Team:
    team = factories.TeamFactory()
    team.members.add(dev)
    return team


@pytest.fixture
def as_dev(client, dev):
    client.force_login(dev)
    return client


@pytest.fixture
def signed_in(client):
    """`signed_in("operative")`: a browser of somebody with that role."""

    def sign_in(*roles: str):
        client.user = factories.StaffFactory(roles=list(roles))
        client.force_login(client.user)
        return client

    return sign_in


def form_of(client, url: str, form: str = "form") -> dict[str, str]:
    """What a browser would send back of a page's form as it was shown."""
    shown = client.get(url).context[form]
    values = {bound.html_name: bound.value() for bound in shown}
    return {name: value for name, value in values.items() if value is not False and value not in (None, [])}
