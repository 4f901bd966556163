"""Nobody reads a draft that is not theirs."""

import pytest
from django.urls import reverse

from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer, Delegation
from portal.smartforms.models import Draft
from tests.factories import ServiceFactory, StaffFactory, narrow
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db


def pages(hand):
    return [
        hand.url("home"),
        hand.url("you"),
        hand.thing_url("children", 1),
        hand.check_url,
        reverse("form_back", args=[hand.slug, hand.draft.pk]),
        reverse("form_save", args=[hand.slug, hand.draft.pk]),
        reverse("form_done", args=[hand.slug, hand.draft.pk]),
    ]


def other(customer=None):
    client = PortalClient()
    if customer:
        client.force_login(customer.user if isinstance(customer, Customer) else customer)
    return client


def remembers(client, **choice):
    """Whom the session acts for or serves, as the pages that ask for it note it."""
    session = client.session
    session.update(choice)
    session.save()
    return client


def test_a_draft_without_account_opens_in_its_browser_only(hand, cara, dev):
    hand.fill_in()
    for client in (other(), other(cara), other(dev)):
        for page in pages(hand):
            assert client.get(page).status_code == 404
            assert client.post(page, {"local": "no"}).status_code in (404, 405)
    forged = other()
    forged.cookies["forms"] = f"{hand.draft.pk.hex}:guess"
    assert forged.get(hand.check_url).status_code == 404
    assert hand.client.get(hand.check_url).status_code == 200


def test_a_draft_with_account_opens_for_its_owner_on_every_device(club, asha, cara, dev):
    hand = Hand(other(asha)).fill_in()
    assert Draft.objects.get().customer == asha
    assert other(asha).get(hand.check_url).status_code == 200
    for client in (other(), other(cara), other(dev)):
        assert client.get(hand.check_url).status_code == 404


def test_a_draft_is_no_door_under_another_form(club, asha):
    from portal.smartforms.publishing import import_form
    from tests.portal.smartforms.running.conftest import CLUB

    import_form(CLUB | {"slug": "other-club"}, by=None)
    hand = Hand(other(asha)).fill_in()
    assert other(asha).get(hand.check_url.replace("holiday-club", "other-club")).status_code == 404


def test_somebody_who_signs_in_on_the_way_keeps_what_they_began(hand, asha, cara):
    hand.fill_in()
    hand.client.force_login(asha.user)
    assert hand.client.get(hand.check_url).status_code == 200
    assert Draft.objects.get().customer == asha
    hand.client.logout()
    assert hand.client.get(hand.check_url).status_code == 404  # it is hers now: the browser alone is not enough
    hand.client.force_login(cara.user)
    assert hand.client.get(hand.check_url).status_code == 404
    assert other(asha).get(hand.check_url).status_code == 200


def test_a_delegate_acts_with_an_authority_that_reaches_the_service(club, asha, ben):
    client = remembers(other(ben), acting_for=asha.pk)
    hand = Hand(client).fill_in()
    draft = Draft.objects.get()
    assert (draft.customer, draft.started_by, draft.right) == (asha, ben.user, Right.DELEGATE)
    assert "Asha Owner" in client.get(hand.check_url).content.decode()
    assert other(asha).get(hand.check_url).status_code == 200  # she sees it, too
    assert other(ben).get(hand.check_url).status_code == 404  # not while he is himself
    narrow(Delegation.objects.get(principal=asha, delegate=ben), ServiceFactory())
    assert client.get(hand.check_url).status_code == 403


def test_staff_fill_in_beside_a_customer_who_goes_on_at_home(club, asha):
    officer = StaffFactory(email="lib@example.com", roles=["librarian"])
    client = remembers(other(officer), serving={"customer": asha.pk, "channel": str(Channel.FACE_TO_FACE)})
    hand = Hand(client)
    hand.start()
    draft = Draft.objects.get()
    assert (draft.customer, draft.started_by, draft.right, draft.channel) == (
        asha,
        officer,
        Right.STAFF,
        Channel.FACE_TO_FACE,
    )
    hand.answer("home", {"local": "yes"}, "you")
    hand.client = other(asha)
    hand.answer("you", {"name": "Asha Owner"}, "children")
    client.post(reverse("staff_stop_serving"))
    assert client.get(hand.url("home")).status_code == 404


def test_pages_are_not_kept_by_caches_or_search_engines(hand):
    hand.fill_in()
    answer = hand.client.get(hand.check_url)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
