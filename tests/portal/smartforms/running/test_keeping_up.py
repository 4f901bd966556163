"""A form changes while somebody fills it in: only what changed is asked again, and the page says why."""

import copy

import pytest

from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


def changed(change) -> None:
    form = copy.deepcopy(CLUB)
    change({step["key"]: step for step in form["steps"]}, form)
    import_form(form, by=None)


def test_a_new_wording_asks_nothing_again(hand):
    hand.fill_in()
    changed(lambda steps, form: steps["you"]["questions"][0].update(label="What is your name?"))
    page = hand.client.get(hand.check_url)
    assert page.status_code == 200
    assert "What is your name?" in page.content.decode()
    assert Draft.objects.get().version.number == 2


def test_a_new_question_is_asked_and_the_rest_is_kept(hand):
    hand.fill_in()
    new = {"key": "school", "kind": "short_text", "label": "Which school?"}
    changed(lambda steps, form: steps["needs"]["questions"].append(new))
    assert hand.client.get(hand.check_url).url == hand.url("needs")
    page = hand.get("needs").content.decode()
    assert "This question has changed" in page
    assert "Which school?" in page
    answer = hand.post("needs", {"has_needs": "no", "school": "Hill School"}, "?from=check")
    assert answer.url == hand.check_url
    page = hand.client.get(hand.check_url).content.decode()
    for words in ("Hill School", "Asha Owner", "Ada"):
        assert words in page
    assert Draft.objects.get().ask_again == {}


def test_what_was_sent_stays_as_it_was(hand):
    hand.fill_in()
    done = hand.client.post(hand.check_url, {"declared": "on"}).url
    changed(lambda steps, form: form["outcomes"][1].update(title="Another end"))
    assert "We have your application" in hand.client.get(done).content.decode()
    assert Draft.objects.get().version.number == 1


def test_a_new_question_in_a_group_leads_to_the_things_that_lack_its_answer(hand):
    hand.fill_in()
    new = {"key": "child_school", "kind": "short_text", "label": "Which school?"}
    changed(lambda steps, form: steps["children"]["questions"].append(new))
    assert hand.client.get(hand.check_url).url == hand.url("children")
    assert hand.post("children", {"another": "no"}).url == hand.thing_url("children", 1)
    page = hand.client.get(hand.thing_url("children", 1)).content.decode()
    assert 'value="Ada"' in page
    data = {"child_name": "Ada", "child_born_day": "1", "child_born_month": "2", "child_born_year": "2020"}
    hand.client.post(hand.thing_url("children", 1), data | {"child_school": "Hill School"})
    hand.answer("children", {"another": "no"}, "needs")
    assert hand.client.get(hand.check_url).status_code == 200
