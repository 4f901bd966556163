"""Asha applied for the holiday club; staff need more from her."""

import pytest
from django.urls import reverse

from portal.smartforms.models import MoreAsked
from tests.people import PortalClient
from tests.portal.smartforms.results.conftest import club, submission
from tests.portal.smartforms.running.conftest import Hand

__all__ = ["club", "submission"]
WHY = "We cannot read the amount."


@pytest.fixture
def staff(dev):
    client = PortalClient()
    client.force_login(dev)
    return client


@pytest.fixture
def asha_client(asha):
    client = PortalClient()
    client.force_login(asha.user)
    return client


def address_of(submission):
    return reverse("staff_forms_ask", args=[submission.case.reference])


def ask(staff, submission, *questions, **said):
    """As the page sends it."""
    page = staff.get(address_of(submission))
    form = page.context["form"]
    given = {
        "version": form["version"].value(),
        "submission_key": form["submission_key"].value(),
        "questions": questions,
        "why": WHY,
        "days": "14",
        **said,
    }
    return staff.post(address_of(submission), given)


class Answering(Hand):
    """Fills in what was asked."""

    def __init__(self, client, asked: MoreAsked):
        super().__init__(client, asked.submission.version.form.slug)
        self.asked, self.draft = asked, asked.draft

    @property
    def more_url(self):
        return reverse("form_more", args=[self.slug, self.draft.pk])

    def send(self):
        return self.client.post(self.check_url, {"declared": "on"})


@pytest.fixture
def answering(staff, submission, asha_client):
    """`of`: another one that was sent."""

    def ask_and_open(*questions, client=None, of=None, **said):
        response = ask(staff, of or submission, *questions, **said)
        assert response.status_code == 302, response.content.decode()
        return Answering(client or asha_client, MoreAsked.objects.select_related("draft").latest("asked_at"))

    return ask_and_open
