"""As large, as long and as foreign as answers get: nothing breaks, nothing leaks, nothing is cut off in silence."""

import pytest

from portal.cases.models import Case
from portal.smartforms.models import Answer, Submission
from portal.smartforms.versions import definition_of
from tests.portal.smartforms.large_form import large_form, live_unproved
from tests.portal.smartforms.running.conftest import Hand
from tests.portal.smartforms.running.test_cost import posted

pytestmark = pytest.mark.django_db

NAMES = [
    "אדה כהן",  # right to left
    "عائشة بنت محمد",
    "Ọlọ́run Ńjọ́",  # signs that are put together
    "李 小龍",
    "Zoë O’Brien-Müller",
    "\u202eyaw rehto eht\u202c",  # turns the writing round
    "👩‍👩‍👧 Family",
]


def test_300_questions_with_100_rules_are_asked_answered_and_sent(client):
    definition = definition_of(live_unproved(large_form("large", questions=300, rules=100)))
    assert len(definition.questions) == 300
    hand = Hand(client, "large")
    here = hand.start()
    for step in definition.steps:
        assert here == hand.url(step.key)
        answer = hand.post(step.key, posted(step, 300))
        assert answer.status_code == 302, answer.content.decode()
        here = answer.url
    assert here == hand.check_url
    assert client.get(hand.check_url).status_code == 200
    assert client.post(hand.check_url).status_code == 302
    assert Answer.objects.count() == 300
    # One answer near the beginning changes what is shown behind it, and so what counts.
    submission = Submission.objects.get()
    assert submission.outcome == "soon"
    assert len(Case.objects.get().details) >= 300


def test_what_a_rule_hides_is_not_sent_from_a_large_form_either(client):
    definition = definition_of(live_unproved(large_form("large", questions=300, rules=100)))
    hand = Hand(client, "large")
    hand.start()
    for step in definition.steps:
        hand.post(step.key, posted(step, 300))
    hand.post("page0", {**posted(definition.steps[0], 300), "q0_0": "no"})
    hand.post("page1", {**posted(definition.steps[1], 300), "q1_2": "forged"})  # hidden now
    page = client.get(hand.check_url).content.decode()
    assert "Question 3 of page 1?" not in page
    assert "forged" not in page
    assert client.post(hand.check_url).status_code == 302
    assert not Answer.objects.filter(path="q1_2").exists()
    assert "forged" not in str(Case.objects.get().details)
    assert Submission.objects.get().outcome == "sent"


def test_ten_thousand_characters_come_to_the_case_whole(hand):
    text = "Ä sentence with ünicode, אבג and 漢字. " * 400
    text = text[:9_998] + ".!"
    assert len(text) == 10_000
    hand.fill_in()
    hand.answer("needs", {"has_needs": "yes"}, "health")
    answer = hand.post("health", {"health": text})
    assert hand.kept()["health"] == text
    refused = hand.post("health", {"health": text + "!"})
    assert refused.status_code == 200
    assert "10000 characters or fewer" in refused.content.decode()
    assert "漢字" in refused.content.decode()  # what was typed is kept
    assert answer.status_code == 302
    assert hand.client.post(hand.check_url, {"declared": "on"}).status_code == 302
    assert Answer.objects.get(path="health").value == text


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_arrive_as_they_were_written(hand, name):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    hand.answer("you", {"name": name}, "children")
    assert hand.kept()["name"] == name
    assert name in hand.get("you").content.decode()


def test_forged_hidden_fields_and_strange_keys_change_nothing(hand):
    hand.start()
    forged = {
        "local": "yes",
        "name": "Forged",
        "health": "Forged",
        "children": "Forged",
        "__class__": "x",
        "seen": "rules",
    }
    hand.answer("home", {**forged, "answers": "{}", "submission_key": "x", "state": "sent"}, "you")
    assert hand.kept() == {"local": "yes"}
    assert hand.draft.seen == ["home"]
    assert hand.draft.state == "open"
    assert "Forged" not in hand.get("you").content.decode()


@pytest.mark.parametrize("number", ["0", "2", "99", "99999999999999999999"])
def test_things_that_are_not_next_lead_to_their_list(hand, number):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    hand.answer("you", {"name": "Asha"}, "children")
    address = hand.thing_url("children", 1).replace("/1/", f"/{number}/")
    for answer in (hand.client.get(address), hand.client.post(address, {"child_name": "Forged"})):
        assert answer.status_code == 302
    assert "children" not in hand.kept()
