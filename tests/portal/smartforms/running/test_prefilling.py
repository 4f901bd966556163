"""What we know is not asked again: with its source and its day, and never against what somebody typed."""

import datetime as dt

import pgtrigger
import pytest
from django.utils import timezone

from barnet.customers.selectors import detail_since
from barnet.customers.services import change_details
from portal.smartforms.models import Draft
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(club, asha):
    client = PortalClient()
    client.force_login(asha.user)
    hand = Hand(client)
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    return hand


def test_details_of_the_account_stand_in_the_fields_with_their_month(own):
    page = own.get("you").content.decode()
    assert 'value="Asha Owner"' in page
    assert f"From your details, {timezone.localdate():%B %Y}" in page
    assert 'href="/account/details/name/"' in page
    assert 'autocomplete="name"' in page


def test_an_answer_that_is_left_as_it_was_names_its_source(own, asha):
    own.answer("you", {"name": "Asha Owner", "email": "else@example.com"}, "children")
    today = timezone.localdate().isoformat()
    assert Draft.objects.get().sources == {"name": {"source": "account.name", "as_of": today}}
    own.answer("you", {"name": "Asha N. Owner"}, "children")
    assert Draft.objects.get().sources == {}
    page = own.get("you").content.decode()
    assert 'value="Asha N. Owner"' in page
    assert "From your details" not in page


def test_nobody_is_filled_in_without_an_account(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    assert "From your details" not in hand.get("you").content.decode()


def test_a_detail_is_as_old_as_its_last_change(asha):
    history = asha._meta.apps.get_model("customers", "CustomerEvent").objects
    with pgtrigger.ignore("customers.CustomerEvent:append_only"):
        history.update(pgh_created_at=timezone.localtime() - dt.timedelta(days=90))  # on the wall: clocks change
    change_details(asha, name=asha.name, phone="020 7946 0100", address=None, address_text="")
    asha.refresh_from_db()
    assert detail_since(asha, "name") == timezone.localdate() - dt.timedelta(days=90)
    assert detail_since(asha, "phone") == timezone.localdate()
