"""What changed between two versions, in words and in what it means for answers."""

import copy
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.smartforms import library
from portal.smartforms.comparing import ChangeClass, ask_again, compare
from portal.smartforms.definition.reading import read
from portal.smartforms.definition.writing import write
from portal.smartforms.evaluating import Facts
from tests.portal.smartforms.random_forms import forms

FACTS = Facts(dt.date(2026, 3, 1))
WORDING, COMPATIBLE, ASK_AGAIN = ChangeClass.WORDING, ChangeClass.COMPATIBLE, ChangeClass.ASK_AGAIN
FORM = {
    "slug": "landlords",
    "title": "About your landlord",
    "summary": "For tenants.",
    "service": "general-enquiry",
    "steps": [
        {
            "key": "home",
            "title": "Your home",
            "questions": [
                {
                    "key": "rents",
                    "kind": "radios",
                    "label": "Do you rent?",
                    "options": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
                },
                {"key": "rooms", "kind": "number", "label": "How many rooms?", "least": 1, "most": 10},
            ],
        },
        {
            "key": "landlord",
            "title": "Your landlord",
            "show_when": {"about": "rents", "one_of": ["yes"]},
            "questions": [
                {"key": "agent", "kind": "yes_no", "label": "Is there an agent?", "required": False},
                {"key": "landlord_name", "kind": "name", "label": "Landlord's name"},
            ],
        },
        {
            "key": "people",
            "title": "Who lives there",
            "kind": "group",
            "item_name": "person",
            "questions": [{"key": "person_name", "kind": "name", "label": "Name"}],
        },
    ],
    "outcomes": [{"key": "sent", "title": "Sent"}],
    "destinations": [{"service": "general-enquiry", "case_title": "Landlord"}],
}


def changed(**changes):
    """`steps__0__title="x"`: the form with that place changed; None takes the part away."""
    form = copy.deepcopy(FORM)
    for path, value in changes.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        there = form
        for part in way:
            there = there[part]
        if value is None:
            del there[last]
        else:
            there[last] = value
    return form


def changes_to(**changes):
    return compare(read(FORM), read(changed(**changes)))


@pytest.mark.parametrize(
    ("change", "sentence", "change_class"),
    [
        ({"title": "Landlords"}, "The title of the form changed", WORDING),
        ({"steps__0__title": "Where you live"}, "The step ‘Your home’ is now called ‘Where you live’", WORDING),
        ({"steps__0__body": "Hello"}, "The words of the step ‘Your home’ changed", WORDING),
        ({"steps__1__questions__1__required": False}, "Question 4 ‘Landlord's name’ is now optional", COMPATIBLE),
        ({"steps__1__questions__0__required": True}, "Question 3 ‘Is there an agent?’ must now be answered", ASK_AGAIN),
        (
            {"steps__1__questions__1__label": "Owner"},
            "Question 4 ‘Owner’ was called ‘Landlord's name’",
            WORDING,
        ),
        (
            {"steps__1__questions__1__why": "To call"},
            "The explanation of Question 4 ‘Landlord's name’ changed",
            WORDING,
        ),
        ({"steps__1__questions__1": None}, "Question 4 ‘Landlord's name’ was removed", COMPATIBLE),
        (
            {"steps__1__questions__1__kind": "long_text"},
            "Question 4 ‘Landlord's name’ is answered in another way now: Long text",
            ASK_AGAIN,
        ),
        (
            {"steps__0__questions__0__options__1": {"value": "own", "label": "I own it"}},
            "Question 1 ‘Do you rent?’ can no longer be answered ‘No’",
            ASK_AGAIN,
        ),
        ({"steps__0__questions__1__most": 20}, "Question 2 ‘How many rooms?’: the limits are wider", COMPATIBLE),
        ({"steps__0__questions__1__most": 5}, "Question 2 ‘How many rooms?’: the limits changed", ASK_AGAIN),
        ({"steps__0__questions__1__least": None}, "Question 2 ‘How many rooms?’: the limits are wider", COMPATIBLE),
        (
            {"steps__0__questions__1__checks": [{"must": {"about": "rooms", "at_least": 2}, "message": "More."}]},
            "The checks of Question 2 ‘How many rooms?’ ask for more or for something else",
            ASK_AGAIN,
        ),
        (
            {"steps__1__show_when": {"about": "rooms", "more_than": 3}},
            "The step ‘Your landlord’ is now shown when ‘How many rooms?’ is more than 3",
            COMPATIBLE,
        ),
        ({"steps__1__show_when": None}, "The step ‘Your landlord’ is now always shown", COMPATIBLE),
        ({"steps__2": None}, "The step ‘Who lives there’ was removed", COMPATIBLE),
        ({"steps__2__least": 1}, "How many in ‘Who lives there’: the limits changed", ASK_AGAIN),
        ({"outcomes__0__title": "We have it"}, "Outcome ‘We have it’ changed", WORDING),
        ({"outcomes__0__sends": False}, "Outcome ‘Sent’ changed", COMPATIBLE),
        ({"destinations__0__urgency": "urgent"}, "Where the answers go changed", COMPATIBLE),
        (
            {"steps__1__questions__1__data_class": "special", "steps__1__questions__1__why": ""},
            "The answer to Question 4 ‘Landlord's name’ is now special-category data",
            COMPATIBLE,
        ),
    ],
)
def test_each_change_is_told_in_words_and_classed(change, sentence, change_class):
    found = changes_to(**change)
    assert sentence in found.sentences
    assert {row.change_class for row in found.rows if row.sentence == sentence} == {change_class}


def test_the_whole_has_the_heaviest_class_and_nothing_changed_has_none():
    assert compare(read(FORM), read(FORM)).change_class is None
    both = changes_to(title="x", steps__1__questions__0__required=True)
    assert both.change_class is ASK_AGAIN
    assert both.of_steps == {"landlord": ("Question 3 ‘Is there an agent?’ must now be answered",)}


def test_steps_and_questions_in_another_order_are_told_but_ask_nothing():
    form = copy.deepcopy(FORM)
    form["steps"][1]["questions"].reverse()
    form["steps"].append(form["steps"].pop(0))
    form["steps"][0].pop("show_when")
    found = compare(read(FORM), read(form))
    assert "The steps come in another order" in found.sentences
    assert "The questions of ‘Your landlord’ come in another order" in found.sentences
    assert found.of_steps == {}


def test_a_new_step_is_asked():
    form = copy.deepcopy(FORM)
    form["steps"].append({"key": "more", "title": "More", "kind": "information", "body": "x"})
    assert compare(read(FORM), read(form)).of_steps == {"more": ("The step ‘More’ is new",)}


ANSWERS = {"rents": "yes", "rooms": 3, "landlord_name": "Ms Shah", "people": []}


def again(seen=("home", "landlord", "people"), answers=ANSWERS, **changes):
    return ask_again(read(FORM), read(changed(**changes)), answers, FACTS, seen)


def test_a_person_is_asked_only_what_they_answered_and_what_changed():
    tighter = {"steps__0__questions__1__most": 5}
    assert list(again(**tighter)) == ["home"]
    assert again(seen=(), **tighter) == {}
    assert again(title="Other words") == {}


def test_a_question_that_a_changed_rule_newly_shows_is_asked_again():
    hidden = changed(steps__1__questions__0__show_when={"about": "rooms", "more_than": 5})
    shown = changed(steps__1__questions__0__show_when={"about": "rooms", "more_than": 2})
    seen = ["home", "landlord", "people"]
    found = ask_again(read(hidden), read(shown), ANSWERS, FACTS, seen)
    assert found == {"landlord": ("‘Is there an agent?’ is now asked for your answers",)}
    assert ask_again(read(shown), read(hidden), ANSWERS, FACTS, seen) == {}


@pytest.mark.parametrize("name", library.names())
def test_a_form_of_the_library_is_like_itself_and_unlike_others(name):
    form = library.form(name)
    assert compare(form, read(json.loads(write(form)))).rows == ()
    assert all(compare(form, library.form(other)).rows for other in library.names() if other != name)


@given(forms(), forms(), st.booleans())
def test_whatever_differs_is_told(old, new, same):
    before, after = read(old), read(old if same else new)
    assert bool(compare(before, after).rows) == (before != after)
