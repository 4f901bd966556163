"""What the gate refuses, and where it points; and what it lets pass."""

import datetime as dt

import pytest

from portal.smartforms import library
from portal.smartforms.definition.reading import UnreadableFormError, read
from portal.smartforms.proving.gate import prove

ON = dt.date(2026, 11, 25)


def ask(key, kind="yes_no", **more):
    return {"key": key, "kind": kind, "label": f"Question {key}", **more}


def step(key, *questions, **more):
    return {"key": key, "title": f"Step {key}", "questions": list(questions), **more}


def form(*steps, **more):
    return {
        "slug": "tried",
        "title": "Tried",
        "summary": "A form to try.",
        "service": "general-enquiry",
        "steps": list(steps),
        "outcomes": [{"key": "sent", "title": "Sent"}],
        "destinations": [{"service": "general-enquiry", "case_title": "Tried"}],
        **more,
    }


def said(source, on=ON):
    return {finding.place: finding.sentence for finding in prove(read(source), on).findings}


YES = {"about": "a", "one_of": ["yes"]}
NO = {"about": "a", "one_of": ["no"]}


def test_plain_form_passes_with_one_way_through():
    proof = prove(read(form(step("one", ask("a")))), ON)
    assert proof.holds
    assert len(proof.paths) == 1
    assert proof.is_every_path


def test_each_way_through_has_an_example():
    proof = prove(read(form(step("one", ask("a")), step("two", ask("b"), show_when=YES))), ON)
    assert {path.steps for path in proof.paths} == {("one", "two"), ("one",)}


def test_step_that_never_comes():
    found = said(form(step("one", ask("a")), step("two", ask("b"), show_when={"all": [YES, NO]})))
    assert found == {"form.steps[1]": "This step never comes, whatever is answered."}


def test_step_after_which_nothing_can_come():
    always = {"any": [YES, NO]}
    ends = [{"after": "one", "when": always}]
    assert "form.steps[1]" in said(form(step("one", ask("a")), step("two", ask("b")), ends=ends))


def test_required_question_that_never_shows():
    hidden = ask("b", show_when={"all": [YES, {"not": YES}]})
    found = said(form(step("one", ask("a")), step("two", ask("c"), hidden)))
    assert found == {"form.steps[1].questions[1]": "This question never shows, whatever is answered."}


def test_outcome_gap_names_the_answers_that_fall_into_it():
    found = said(form(step("one", ask("a")), outcomes=[{"key": "sent", "title": "Sent", "when": YES}]))
    assert found == {"form.outcomes": "The form has no outcome for: a = no."}


def test_gap_between_numbers():
    rows = [
        {"key": "low", "title": "Low", "when": {"about": "n", "less_than": 10}},
        {"key": "high", "title": "High", "when": {"about": "n", "more_than": 10}},
    ]
    found = said(form(step("one", ask("n", "number", least=0, most=20)), outcomes=rows))
    assert found["form.outcomes"].endswith("n = 10.")


def test_destination_gap():
    destinations = [{"service": "general-enquiry", "case_title": "Tried", "when": YES}]
    assert "a = no" in said(form(step("one", ask("a")), destinations=destinations))["form.destinations"]


def test_outcome_that_never_comes():
    rows = [{"key": "sent", "title": "Sent"}, {"key": "late", "title": "Late", "when": YES}]
    assert "form.outcomes[1]" in said(form(step("one", ask("a")), outcomes=rows))


def test_dead_end_names_the_answers_that_lead_into_it():
    checks = [{"must": {"not": YES}, "message": "Not after yes."}]
    found = said(form(step("one", ask("a")), step("two", ask("b", checks=checks))))
    assert found == {"form.steps[1]": "No answer is good here after: a = yes."}


def test_optional_question_is_no_dead_end():
    checks = [{"must": {"not": YES}, "message": "Not after yes."}]
    assert said(form(step("one", ask("a")), step("two", ask("b", checks=checks, required=False)))) == {}


def test_two_dates_that_must_be_in_order():
    checks = [{"must": {"about": "until", "after": {"days": 30}}, "message": "At least a month ahead."}]
    until = ask("until", "date", latest={"days": 20}, checks=checks)
    assert "No answer is good here" in said(form(step("one", until)))["form.steps[0]"]
    until["latest"] = {"days": 40}
    assert said(form(step("one", until))) == {}


def test_rule_over_a_later_answer():
    found = said(form(step("one", ask("a"), show_when={"about": "b", "one_of": ["yes"]}), step("two", ask("b"))))
    assert "asked later" in found["form.steps[0].show_when"]


def test_calculation_that_stands_on_a_later_one():
    rows = [
        {"key": "x", "kind": "sum", "label": "X", "terms": [{"about": "y"}]},
        {"key": "y", "kind": "sum", "label": "Y", "terms": [{"about": "x"}]},
    ]
    assert (
        "no number that is known here"
        in said(form(step("one", ask("a")), calculations=rows))["form.calculations[0].terms[0].about"]
    )


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": " "}, "form.title"),
        ({"steps": [step("one", ask("a", label=""))]}, "form.steps[0].questions[0].label"),
        ({"steps": [step("one", ask("a", "no_such"))]}, "form.steps[0].questions[0].kind"),
        ({"steps": [step("one", ask("a", "radios"))]}, "form.steps[0].questions[0].options"),
        ({"steps": [step("one", ask("a", data_class="special"))]}, "form.steps[0].questions[0].why"),
        ({"steps": [step("one", ask("a", "number", least=3, most=2))]}, "form.steps[0].questions[0].least"),
        ({"steps": [step("one", ask("a"), ask("a"))]}, "form"),
        ({"steps": [step("one")]}, "form.steps[0].questions"),
        ({"steps": [step("one", ask("a"), kind="group")]}, "form.steps[0].item_name"),
        ({"steps": []}, "form.steps"),
        ({"outcomes": []}, "form.outcomes"),
        ({"destinations": []}, "form.destinations"),
        ({"ends": [{"after": "none", "when": YES}]}, "form.ends[0].after"),
        ({"ends": [{"after": "one", "when": YES, "outcome": "none"}]}, "form.ends[0].outcome"),
        ({"outcomes": [{"key": "x", "title": "X", "when": {"about": "z", "given": True}}]}, "form.outcomes[0].when"),
        ({"outcomes": [{"key": "x", "title": "X", "when": {"about": "a", "one_of": ["if"]}}]}, "form.outcomes[0].when"),
        ({"outcomes": [{"key": "x", "title": "X", "when": {"about": "a", "at_least": 1}}]}, "form.outcomes[0].when"),
        ({"outcomes": [{"key": "x", "title": "X", "sends": False}]}, "form.outcomes[0].body"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_its_place(change, place):
    assert place in said(form(step("one", ask("a"))) | change)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"steps": "none"}, "form.steps"),
        ({"titel": "T"}, "form.titel"),
        ({"slug": "Not A Slug"}, "form.slug"),
        ({"title": "x\x00"}, "form.title"),
        ({"steps": [step("one", ask("a", show_when={"about": "b"}))]}, "form.steps[0].questions[0].show_when"),
        ({"steps": [step("one", ask("a", show_when={"all": []}))]}, "form.steps[0].questions[0].show_when.all"),
        ({"steps": [step("one", ask("a", "date", latest="31.12.2026"))]}, "form.steps[0].questions[0].latest"),
        ({"steps": [step("one", ask("a", "number", most="many"))]}, "form.steps[0].questions[0].most"),
        ({"steps": [step("one", ask("a", required="yes"))]}, "form.steps[0].questions[0].required"),
        ({"steps": [step("one", ask("a"), least=99)]}, "form.steps[0].least"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(change, place):
    with pytest.raises(UnreadableFormError) as refused:
        read(form(step("one", ask("a"))) | change)
    assert place in {finding.place for finding in refused.value.findings}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"slug": NaN}', "{}"])
def test_text_that_is_no_form_is_refused(text):
    with pytest.raises(UnreadableFormError):
        read(text)


def test_condition_deeper_than_anybody_reads_is_refused():
    deep = YES
    for _level in range(50):
        deep = {"not": deep}
    with pytest.raises(UnreadableFormError):
        read(form(step("one", ask("a")), step("two", ask("b"), show_when=deep)))


def test_large_form_is_proved():
    """300 questions and 100 rules: docs/developers/forms.md has the times."""
    steps = [step("first", *[ask(f"q{number}") for number in range(200)])]
    for number in range(100):
        about = {"about": f"q{number}", "one_of": ["yes"]}
        steps.append(step(f"s{number}", ask(f"r{number}"), show_when=about))
    proof = prove(read(form(*steps)), ON)
    assert proof.holds
    assert not proof.is_every_path
    shown = {key for path in proof.paths for key in path.steps}
    assert shown == {found["key"] for found in steps}


@pytest.mark.parametrize("name", library.names())
@pytest.mark.parametrize("on", [ON, dt.date(2028, 2, 29)])
def test_forms_of_the_library_can_be_finished(name, on):
    proof = prove(library.form(name), on)
    assert not proof.findings
    assert proof.is_every_path


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"problem": "graffiti", "danger": "no", "paint_offends": "no", "paint_on": "railway"}, "not_ours"),
        ({"problem": "graffiti", "danger": "no", "paint_offends": "yes", "paint_on": "house"}, "urgent"),
        ({"problem": "pothole", "danger": "no", "hole_where": "road", "hole_depth": "flat"}, "sent"),
    ],
)
def test_street_problem_ends_as_one_would_expect(answers, outcome):
    from portal.smartforms.evaluating import Facts, walk

    definition = library.form("report-a-street-problem")
    given = {**answers, "place": "By the library"}
    found = walk(definition, given, Facts(ON, signed_in=True), seen=[row.key for row in definition.steps])
    assert found.outcome.key == outcome
