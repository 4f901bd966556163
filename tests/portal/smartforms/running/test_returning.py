"""Save and go on later: a link that works once."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from barnet.notifications.models import Message
from portal.smartforms.models import Draft, ReturnLink
from portal.smartforms.running.expiring import WARN_BEFORE, delete_expired, warn_of_expiry
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db


def ask_link(hand, email="asha@example.com"):
    url = reverse("form_save", args=[hand.slug, hand.draft.pk])
    return hand.client.post(url, {"email": email}).content.decode()


def latest_link():
    return re.search(r"https?://[^/]+(/forms/\S+/return/\S+/)", Message.objects.latest("created_at").body)[1]


def test_a_link_leads_to_the_answers_on_another_device_once(hand):
    hand.fill_in()
    assert "We have sent you a link" in ask_link(hand)
    link, elsewhere = latest_link(), PortalClient()
    assert ReturnLink.objects.get().hash not in link
    page = elsewhere.get(link)
    assert "Go on with my answers" in page.content.decode()
    assert elsewhere.get(hand.check_url).status_code == 404  # looking is not using
    assert elsewhere.post(link).url == reverse("form_back", args=[hand.slug, hand.draft.pk])
    assert "Asha Owner" in elsewhere.get(hand.check_url).content.decode()
    assert hand.client.get(hand.check_url).status_code == 404  # it moved with the person
    third = PortalClient()
    assert "has been used" in third.post(link).content.decode()
    assert third.get(hand.check_url).status_code == 404


def test_a_used_link_brings_a_new_one_by_email_only(hand):
    hand.fill_in()
    ask_link(hand)
    link = latest_link()
    PortalClient().post(link)
    answer = PortalClient().post(f"{link}again/")
    assert "on its way" in answer.content.decode()
    newer = latest_link()
    assert newer != link
    assert newer not in answer.content.decode()
    unknown = PortalClient().post(reverse("form_link_again", args=[hand.slug, "nothing"]))
    assert unknown.content.decode().count("on its way") == 1  # the same answer for a link that never was
    assert PortalClient().post(newer).status_code == 302


def test_a_new_link_ends_the_one_before(hand):
    hand.fill_in()
    ask_link(hand)
    first = latest_link()
    ask_link(hand)
    assert "has been used" in PortalClient().post(first).content.decode()


def test_links_have_a_limit_a_day(hand):
    hand.fill_in()
    for _time in range(5):
        assert "We have sent you a link" in ask_link(hand)
    assert "as many links today" in ask_link(hand)
    assert ReturnLink.objects.count() == 5


def test_wrong_address_is_told_and_nothing_is_sent(hand):
    hand.fill_in()
    assert "There is a problem" in ask_link(hand, "asha@")
    assert not Message.objects.exists()


def test_a_link_never_opens_the_draft_of_an_account(club, asha, cara):
    client = PortalClient()
    client.force_login(asha.user)
    hand = Hand(client).fill_in()
    ask_link(hand)
    stranger = PortalClient()
    stranger.force_login(cara.user)
    stranger.post(latest_link())
    assert stranger.get(hand.check_url).status_code == 404


def test_old_links_do_not_work(hand):
    hand.fill_in()
    ask_link(hand)
    ReturnLink.objects.update(expires_at=timezone.now())
    assert "time is over" in PortalClient().get(latest_link()).content.decode()
    assert PortalClient().post(latest_link()).status_code == 200


def soon(**change):
    Draft.objects.update(expires_at=timezone.now() + WARN_BEFORE - dt.timedelta(hours=1), **change)


def test_the_owner_is_told_once_before_answers_are_deleted(club, asha):
    client = PortalClient()
    client.force_login(asha.user)
    hand = Hand(client)
    hand.start()
    assert warn_of_expiry() == "0 told"
    soon()
    assert [warn_of_expiry(), warn_of_expiry()] == ["1 told", "0 told"]
    assert str(hand.draft.pk) in Message.objects.first().body
    hand.answer("home", {"local": "yes"}, "you")  # she goes on: the time begins again
    draft = Draft.objects.get()
    assert draft.warned_at is None
    assert draft.expires_at > timezone.now() + dt.timedelta(days=27)


def test_without_an_account_the_warning_carries_a_link(hand):
    hand.start()
    soon()
    assert warn_of_expiry() == "0 told"  # nobody to tell
    soon(email="asha@example.com", warned_at=None)
    assert warn_of_expiry() == "1 told"
    assert PortalClient().post(latest_link()).status_code == 302


def test_what_is_over_is_deleted_and_nothing_else(hand, club, client):
    hand.start()
    Draft.objects.update(expires_at=timezone.now())
    kept = Hand(client)
    kept.start()
    assert delete_expired() == "1 deleted"
    assert Draft.objects.get() == kept.draft
