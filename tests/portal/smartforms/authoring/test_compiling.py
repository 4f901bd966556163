"""Blocks and definition, each from the other, through the blocks of the editor."""

import copy
import dataclasses

import pytest
from hypothesis import event, given, settings

from barnet.catalogue.models import Service
from portal.smartforms import library
from portal.smartforms.authoring.compiling import blocks_of
from portal.smartforms.authoring.depth import too_deep
from portal.smartforms.authoring.gate import ABOUT, definition_of
from portal.smartforms.authoring.naming import settle
from portal.smartforms.definition import model
from portal.smartforms.definition.reading import UnreadableFormError, read
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import blocks_for
from tests.portal.smartforms.random_forms import forms
from tests.portal.smartforms.test_properties import ALWAYS


def edited(definition, blocks):
    about = {name: getattr(definition, name) for name in ABOUT}
    return definition_of(SmartForm(service=Service(slug=definition.service), **about, **blocks))


@pytest.mark.parametrize("name", library.names())
def test_a_form_of_the_library_comes_back_as_it_was(name):
    definition = library.form(name)
    assert edited(definition, blocks_for(definition)) == definition


@pytest.mark.parametrize("name", library.names())
def test_whatever_has_a_short_name_keeps_it(name):
    blocks = blocks_of(library.form(name))
    settled = copy.deepcopy(blocks)
    settle(settled)
    assert settled == blocks


@settings(max_examples=60, **ALWAYS)
@given(forms())
def test_any_form_comes_back_as_it_was_or_is_refused(form):
    """Refused is just what the editor would lose."""
    definition = read(form)
    is_refused = bool(too_deep(definition))
    event(f"refused: {is_refused}")
    blocks = blocks_of(definition)
    settle(blocks)
    assert (edited_as_far_as_can_be(definition, blocks) != definition) == is_refused


def edited_as_far_as_can_be(definition, blocks):
    try:
        return edited(definition, blocks)
    except UnreadableFormError:  # an empty group is all that was left of a rule
        return None


YES = {"about": "first", "one_of": ["a"]}
EVERYTHING = {
    "slug": "everything",
    "title": "Everything",
    "summary": "All that can be said.",
    "service": "clubs",
    "needs_account": True,
    "declaration": "It is true.",
    "steps": [
        {
            "key": "one",
            "title": "One",
            "body": "Read this.",
            "questions": [
                {
                    "key": "first",
                    "kind": "radios",
                    "label": "First?",
                    "hint": "Hint",
                    "help": "Help",
                    "why": "Why",
                    "required": False,
                    "options": [{"value": "a", "label": "A", "hint": "The first"}, {"value": "b, or c", "label": "B"}],
                    "rows": [{"value": "row", "label": "Row", "hint": "A row"}],
                    "parts": ["title"],
                    "setup": [{"name": "calendar", "value": "bulky"}],
                    "from_link": True,
                    "pattern": "AA 99",
                    "least": 1,
                    "most": "2.5",
                    "earliest": {"years": -18},
                    "latest": "2027-01-01",
                    "checks": [{"must": {"not": {"any": [YES, {"not": YES}]}}, "message": "Not so."}],
                    "prefill": "account.name",
                    "data_class": "special",
                    "keep_days": 30,
                }
            ],
        },
        {
            "key": "things",
            "title": "Things",
            "kind": "group",
            "item_name": "thing",
            "least": 1,
            "most": 3,
            "show_when": YES,
            "questions": [{"key": "n", "kind": "number", "label": "N", "show_when": YES}],
        },
    ],
    "ends": [{"after": "one", "when": YES, "outcome": "sent"}],
    "calculations": [
        {"key": "total", "kind": "total", "label": "Total", "about": "things.n"},
        {"key": "sum", "kind": "sum", "label": "Sum", "terms": [{"about": "total", "times": "0.5"}], "base": 3},
        {"key": "score", "kind": "score", "label": "Score", "rows": [{"when": YES, "number": "1.5"}]},
        {
            "key": "fee",
            "kind": "fee",
            "label": "Fee",
            "about": "clubs",
            "fees": [{"fee": "day", "concession": "older", "when": YES}, {"fee": "day"}],
            "per": "sum",
            "shown": True,
        },
    ],
    "outcomes": [{"key": "sent", "title": "Sent", "body": "Thanks.", "when": YES, "sends": False}],
    "destinations": [
        {
            "service": "clubs",
            "case_title": "New",
            "team": "Clubs",
            "urgency": "high",
            "next_steps": "We call you.",
            "tells_team": True,
            "when": {"all": [YES, YES]},
        }
    ],
}


def test_every_field_of_a_form_comes_back():
    definition = read(EVERYTHING)
    said = {(type(part), field.name) for part in parts_of(definition) for field in unusual(part)}
    classes = {type(part) for part in parts_of(definition)}
    assert {(cls, field.name) for cls in classes for field in dataclasses.fields(cls)} == said  # nothing is left out
    assert len(classes) == 13
    assert edited(definition, blocks_for(definition)) == definition


def parts_of(part):
    if isinstance(part, tuple):
        for inner in part:
            yield from parts_of(inner)
    elif dataclasses.is_dataclass(part) and type(part).__module__ == model.__name__:
        yield part
        for field in dataclasses.fields(part):
            yield from parts_of(getattr(part, field.name))


def unusual(part):
    return [field for field in dataclasses.fields(part) if getattr(part, field.name) != field.default]


def nested(deep):
    rule = YES
    for number in range(deep):
        rule = {"any": [rule, YES]} if number % 2 else {"not": {"all": [rule, YES]}}
    return rule


def test_a_rule_that_is_nested_deeper_than_the_editor_has_rows_is_refused_with_its_place():
    form = copy.deepcopy(EVERYTHING)
    form["destinations"][0]["when"] = nested(3)
    definition = read(form)
    assert edited(definition, blocks_for(definition)) == definition
    form["destinations"][0]["when"] = nested(4)
    with pytest.raises(UnreadableFormError) as refusal:
        blocks_for(read(form))
    (finding,) = refusal.value.findings
    assert finding.place == "form.destinations[0].when"
    assert "nested deeper than 3 groups" in finding.sentence
