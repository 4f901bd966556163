"""No time-out, no second tab and no closed lid loses an answer."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.http import urlencode

from portal.smartforms.definition.reading import read
from portal.smartforms.evaluating import ShownStep
from portal.smartforms.models import Draft
from portal.smartforms.running import saving
from portal.smartforms.running.run import Run
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(club, asha):
    client = PortalClient()
    client.force_login(asha.user)
    return Hand(client).fill_in()


def test_what_is_typed_is_kept_without_pressing_continue(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    answer = hand.post("you", {"name": "Asha", "income": "lo", "autosave": "yes"})
    assert answer.status_code == 204
    assert hand.kept() == {"local": "yes", "name": "Asha"}
    assert hand.get("children").url == hand.url("you")  # the page is not done by that


def test_a_session_that_ended_keeps_the_page_and_asks_to_sign_in(own, asha):
    own.client.cookies.pop("sessionid")
    answer = own.post("you", {"name": "Asha Typed Long"})
    assert answer.url == f"/account/sign-in/?{urlencode({'next': own.url('you')})}"
    assert own.kept()["name"] == "Asha Typed Long"
    child = {"child_name": "Eve", "child_born_day": "1", "child_born_month": "2", "child_born_year": "2021"}
    own.client.post(own.thing_url("children", 2), child)
    assert [thing["child_name"] for thing in own.kept()["children"]] == ["Ada", "Eve"]
    assert "Asha Typed" not in own.get("you").content.decode()  # nothing is shown
    own.client.force_login(asha.user)
    assert "Asha Typed Long" in own.get("you").content.decode()


def test_another_browser_cannot_write_into_it(own, cara):
    for client in (PortalClient(), PortalClient()):
        answer = client.post(own.url("you"), {"name": "Mallory"})
        assert answer.status_code == 404
    own.client.force_login(cara.user)  # the same browser, somebody else signed in
    assert own.post("you", {"name": "Mallory"}).status_code == 404
    assert own.kept()["name"] == "Asha Owner"


def test_two_tabs_do_not_take_each_others_answers(hand):
    hand.fill_in()
    first, second = hand.get("you"), hand.get("needs")
    assert first.status_code == second.status_code == 200
    hand.post("needs", {"has_needs": "yes"})
    hand.post("you", {"name": "From the first tab"})
    assert (hand.kept()["has_needs"], hand.kept()["name"]) == ("yes", "From the first tab")


@pytest.mark.django_db(transaction=True)
def test_two_pages_sent_at_the_same_moment_are_both_kept(hand):
    """Each thread read the draft before either wrote: without the lock the later would take back the earlier."""
    hand.fill_in()
    party = type("Nobody", (), {"customer": None, "is_delegated": False, "is_served": False})()
    definition = read(CLUB)
    barrier = threading.Barrier(2)

    def send(step_key: str, answers: dict) -> None:
        run = Run(Draft.objects.select_related("form", "version").get(pk=hand.draft.pk), party)
        step = next(step for step in definition.steps if step.key == step_key)
        barrier.wait()
        saving.save_step(run, ShownStep(step, step.questions), answers)
        connection.close()

    threads = [
        threading.Thread(target=send, args=("you", {"name": "Left"})),
        threading.Thread(target=send, args=("needs", {"has_needs": "yes"})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (hand.kept()["name"], hand.kept()["has_needs"]) == ("Left", "yes")


def test_the_account_shows_what_was_begun(own, asha, cara):
    page = own.client.get(reverse("account_home")).content.decode()
    assert "Apply for the holiday club" in page
    assert reverse("form_back", args=[own.slug, own.draft.pk]) in page
    stranger = PortalClient()
    stranger.force_login(cara.user)
    assert "holiday club" not in stranger.get(reverse("account_home")).content.decode()
