import copy

import pytest
from django.core.files.base import ContentFile

from barnet.customers.staff.roles import ensure_roles
from portal.smartforms.models import Answer, FormFile, Submission
from portal.smartforms.publishing import import_form
from tests import factories
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import CLUB, Hand

SECRET = "A wheelchair."


@pytest.fixture
def club(db):
    """The income is kept for ten days only."""
    ServiceFactory(slug="holiday-club", standard_working_days=5)
    form = copy.deepcopy(CLUB)
    form["steps"][1]["questions"][2]["keep_days"] = 10
    return import_form(form, by=None).form


def send(user=None, *, children: int = 1, name: str = "Asha Owner") -> Submission:
    """Sent with something about health."""
    client = PortalClient()
    if user:
        client.force_login(user)
    hand = Hand(client).fill_in()
    for number in range(2, children + 1):
        hand.add_child(number, f"Child {'abc'[number - 1]}")
    hand.answer("you", {"name": name, "email": "asha@example.com", "income": "123"}, "children")
    hand.answer("needs", {"has_needs": "yes"}, "health")
    hand.answer("health", {"health": SECRET}, "rules")
    hand.client.post(hand.check_url, {"declared": "on"})
    return Submission.objects.select_related("case").latest("pk")


@pytest.fixture
def submission(club, asha) -> Submission:
    """Sent by Asha."""
    return send(asha.user)


def add_file(submission, *, data_class: str, path: str) -> FormFile:
    """A file, and the answer that names it."""
    file = FormFile(submission=submission, question=path, name=f"{path}.pdf", content_type="application/pdf", size=3)
    file.file.save(path, ContentFile(b"pdf"))
    Answer.objects.create(
        submission=submission,
        path=path,
        kind="files",
        value=[{"id": str(file.pk), "name": file.name, "size": 3}],
        words=f"{file.name} (3 bytes)",
        data_class=data_class,
        position=100,
    )
    return file


@pytest.fixture
def staff(db):
    """`staff("assessor")` is a browser in which somebody of that role is signed in."""
    ensure_roles()

    def signed_in(*roles: str) -> PortalClient:
        client = PortalClient()
        client.user = factories.StaffFactory(roles=list(roles))
        client.force_login(client.user)
        return client

    return signed_in


@pytest.fixture
def of():
    """`of(asha)` is her browser."""

    def signed_in(customer) -> PortalClient:
        client = PortalClient()
        client.force_login(customer.user)
        return client

    return signed_in
