import pytest
from django.urls import reverse

from barnet.customers.staff.roles import ensure_roles
from portal.cases.models import Team
from portal.smartforms.authoring.filling import blocks_for
from portal.smartforms.definition.reading import read
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.smartforms.reviewing.forms import club


@pytest.fixture
def form(db):
    """Published."""
    ServiceFactory(slug="club", name="Clubs")
    Team.objects.create(slug="youth", name="Youth work")
    return import_form(club(), by=None).form


@pytest.fixture
def client_of(db):
    ensure_roles()

    def client_of(role, name="dev"):
        client = PortalClient()
        client.force_login(StaffFactory(email=f"{name}@example.com", roles=[role]))
        return client

    return client_of


@pytest.fixture
def dev(client_of):
    return client_of("form_author")


def address(act, *args):
    return reverse(f"wagtailsnippets_smartforms_smartform:{act}", args=args)


def latest(form):
    return SmartForm.objects.get(pk=form.pk).get_latest_revision_as_object()


def redraft(form, definition):
    """The form's draft says this now."""
    draft = latest(form)
    read_again = read(definition)
    for name, value in {
        "title": read_again.title,
        "declaration": read_again.declaration,
        **blocks_for(read_again),
    }.items():
        setattr(draft, name, value)
    return draft.save_revision(log_action=True)
