import copy

import pytest

from portal.smartforms.models import Submission
from portal.smartforms.publishing import import_form
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


@pytest.fixture
def submission(club, asha) -> Submission:
    """Sent by Asha, with something about health."""
    client = PortalClient()
    client.force_login(asha.user)
    hand = Hand(client).fill_in()
    hand.answer("you", {"name": "Asha Owner", "email": "asha@example.com", "income": "123"}, "children")
    hand.answer("needs", {"has_needs": "yes"}, "health")
    hand.answer("health", {"health": SECRET}, "rules")
    hand.client.post(hand.check_url, {"declared": "on"})
    return Submission.objects.select_related("case").get()
