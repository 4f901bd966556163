import datetime as dt
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from portal.smartforms import library
from portal.smartforms.definition.reading import read
from portal.smartforms.evaluating import Facts, walk
from portal.smartforms.proving.gate import prove
from portal.smartforms.reviewing.drawing import WIDTH, draw
from portal.smartforms.reviewing.flow import Ending, Exit, Stop, flow_of
from portal.smartforms.reviewing.ways import asked_about, ways_of
from tests.portal.smartforms.random_forms import forms
from tests.portal.smartforms.reviewing.forms import club

ON = dt.date(2026, 3, 1)
SVG = "{http://www.w3.org/2000/svg}"


def ways(definition):
    return ways_of(definition, prove(definition, ON).paths, ON)


def flow(definition, found=None, **more):
    return flow_of(definition, ways(definition) if found is None else found, services={"club": "Clubs"}, **more)


def words(svg):
    return " ".join("".join(text.itertext()) + " " for text in ET.fromstring(svg).iter(f"{SVG}tspan"))


def said(sentence):
    return " ".join(sentence.split())


def test_a_way_says_why_which_pages_and_how_it_ends():
    definition = read(club())
    found = ways(definition)
    assert len(found) == 4  # elsewhere; with few and with many children; without
    with_many = next(way for way in found if way.outcome.key == "big")
    told = {because.label: because.answer for because in with_many.because}
    assert told["Do you bring children?"] == "Yes"
    assert told["Where do you live?"] == "In Barnet"
    assert "Your name" not in told  # no rule asks it
    assert "Can you help?" not in told
    assert [page.step.title for page in with_many.pages] == ["You", "Your children", "Help"]
    assert [question.key for question in with_many.pages[-1].questions] == ["helps"]  # "When?" is hidden
    assert (with_many.destination.team, with_many.ended_by) == ("youth", None)


def test_a_way_that_ends_early_says_by_what():
    definition = read(club())
    early = [way for way in ways(definition) if way.outcome.key == "other"]
    assert {way.ended_by for way in early} == {definition.ends[0]}
    assert all([page.step.key for page in way.pages] == ["you"] and way.destination is None for way in early)


@pytest.mark.parametrize("name", library.names())
def test_each_way_of_the_library_is_what_the_evaluator_walks(name):
    definition = library.form(name)
    examples = prove(definition, ON).paths
    every = [step.key for step in definition.steps]
    for way, example in zip(ways_of(definition, examples, ON), examples, strict=True):
        walked = walk(definition, example.answers, Facts(ON, **example.facts), seen=every)
        assert [page.step.key for page in way.pages] == list(example.steps)
        assert (way.outcome, way.destination) == (walked.outcome, walked.destination)
        stops_early = (
            walk(replace(definition, ends=()), example.answers, Facts(ON, **example.facts), seen=every).steps
            != walked.steps
        )
        assert not stops_early or way.ended_by in definition.ends


@pytest.mark.parametrize("name", library.names())
def test_two_ways_differ_in_what_rules_ask_about(name):
    definition = library.form(name)
    found = ways(definition)
    assert len({way.because for way in found}) == len(found)
    assert set(asked_about(definition)) >= {end.when.about for end in definition.ends if hasattr(end.when, "about")}


def test_the_rows_go_from_the_first_page_to_the_ends():
    rows = flow(read(club())).rows
    assert [type(row) for row in rows] == [Stop, Exit, Stop, Stop, Ending, Ending, Ending]
    you, away, children, help_, *ends = rows
    assert (you.when, away.when) == ("", "when ‘Where do you live?’ is Elsewhere")
    assert away.to == "Ask your council"
    assert children.when == "when ‘Do you bring children?’ is Yes"
    assert children.notes == ("again for each child", "1 question", "on 2 of 4 ways")
    assert help_.notes == ("2 questions, 1 of them only sometimes", "on 3 of 4 ways")
    assert [end.when for end in ends] == [
        "when ‘Where do you live?’ is Elsewhere",
        "when ‘How many children’ is at least 5",
        "in every other case",
    ]
    assert ends[0].notes == ("Nothing is sent: this page explains.", "on 1 of 4 ways")
    assert ends[1].notes == ("Case for Clubs, team youth, urgency high", "on 1 of 4 ways")
    assert ends[2].notes == ("Case for Clubs, team youth, urgency high", "Case for Clubs", "on 2 of 4 ways")


def test_one_way_stands_out():
    definition = read(club())
    found = ways(definition)
    early = next(way for way in found if way.ended_by)
    rows = flow(definition, found, shown=early).rows
    assert [row.is_on for row in rows] == [True, True, False, False, True, False, False]
    svg = draw(flow(definition, found, shown=early))
    assert svg.count("ways-on") == len(["page", "exit", "end"]) + len(["arrow to exit", "arrow to end"])


def test_a_form_that_is_not_proved_has_a_picture_without_shares():
    rows = flow(read(club()), []).rows
    assert not any("ways" in note for row in rows if not isinstance(row, Exit) for note in row.notes)
    assert "Your children" in words(draw(flow(read(club()), [])))


def test_the_picture_says_what_the_rows_say():
    made = flow(read(club()))
    shown = said(words(draw(made)))
    for row in made.rows:
        title = row.step.title if isinstance(row, Stop) else row.to if isinstance(row, Exit) else row.outcome.title
        for sentence in [title, row.when, *getattr(row, "notes", ())]:
            assert said(sentence) in shown


def test_the_picture_is_named_and_needs_no_style_of_its_own():
    svg = draw(flow(read(club())))
    root = ET.fromstring(svg)
    named = {part.get("id"): part.text for part in root if part.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == list(named)
    assert all(named.values())
    assert "style" not in svg
    assert "script" not in svg


def test_words_of_authors_are_escaped_and_anything_fits():
    form = club(title="T")
    form["steps"][0]["title"] = "<script>alert(1)</script>&" + "w" * 270
    form["steps"][1]["title"] = "أطفالك 👩‍👩‍👧 " * 10
    svg = draw(flow(read(form), []))
    ET.fromstring(svg)
    assert "<script" not in svg


@given(forms())
def test_boxes_stand_below_each_other_in_any_form(form):
    root = ET.fromstring(draw(flow(read(form), [])))
    boxes = [[int(box.get(name)) for name in ("x", "y", "width", "height")] for box in root.iter(f"{SVG}rect")]
    assert all(one[1] + one[3] < two[1] for one, two in pairwise(boxes))
    assert all(left + width <= WIDTH for left, _top, width, _height in boxes)
    assert boxes[-1][1] + boxes[-1][3] <= int(root.get("height"))
