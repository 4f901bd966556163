"""What holds for every form, tried on random ones."""

import datetime as dt
import itertools
import os
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.smartforms.definition.reading import read
from portal.smartforms.definition.writing import write
from portal.smartforms.evaluating import FACTS, Facts, walk
from portal.smartforms.proving.gate import prove
from tests.portal.smartforms import reference
from tests.portal.smartforms.random_forms import FEES, ON, answers, forms

FACTS_GIVEN = st.fixed_dictionaries({name: st.booleans() for name in FACTS} | {"fees": FEES})
SEARCHES = "SEARCH_FORMS" in os.environ  # other forms each time, and more: to look for what nobody found yet
ALWAYS = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": not SEARCHES}
THOROUGH = settings(max_examples=3000 if SEARCHES else 300, **ALWAYS)
OFTEN = settings(max_examples=4000 if SEARCHES else 600, **ALWAYS)  # one random form in seven can be published
SLOW = settings(max_examples=1500 if SEARCHES else 120, **ALWAYS)


def walked(definition, given_answers, facts):
    return walk(definition, given_answers, Facts(ON, **facts), seen=[step.key for step in definition.steps])


def finishes(definition, typed, facts):
    """Whether somebody who stands anywhere can go on to the end, by trying every answer that could matter."""
    found = walked(definition, typed, facts)
    while found.open_step is not None:
        stuck_at, before = found.open_step, found
        for tried in attempts(before.steps[-1]):
            found = walked(definition, {**before.values, **tried}, facts)
            if found.open_step is not stuck_at:
                break
        else:
            return False
    return True


def attempts(shown):
    if shown.step.kind == "group":
        thing = {question.key: Decimal(1) for question in shown.questions}
        return [{shown.step.key: [thing] * shown.step.least}]
    return (
        dict(zip([question.key for question in shown.questions], tried, strict=True))
        for tried in itertools.product(*[[*candidates(question), None] for question in shown.questions])
    )


def candidates(question):
    match question.kind:
        case "yes_no":
            return ["yes", "no"]
        case "radios":
            return list("abc")
        case "checkboxes":
            return [list(ticked) for size in (1, 2, 3) for ticked in itertools.combinations("abc", size)]
        case "number":
            return [Decimal(number) for number in range(11)]
        case "date":
            return sorted({day + dt.timedelta(days=more) for day in DAYS for more in (-1, 0, 1)} & ALLOWED)
    return ["words"]


DAYS = [dt.date(2008, 2, 29), ON - relativedelta(months=1), ON + relativedelta(years=1), dt.date(2000, 1, 2)]
DAYS += [ON - relativedelta(**{unit: number}) for unit in ("days", "years") for number in range(-3, 19)]
ALLOWED = {dt.date(2000, 1, 1) + dt.timedelta(days=number) for number in range(9921)}


@THOROUGH
@given(st.data(), FACTS_GIVEN)
def test_evaluator_equals_the_reference(data, facts):
    form = data.draw(forms())
    typed = data.draw(answers(form))
    definition = read(form)
    found = walked(definition, typed, facts)
    assert {
        "steps": [shown.step.key for shown in found.steps],
        "questions": [question.key for shown in found.steps for question in shown.questions],
        "open": found.open_step.key if found.open_step else None,
        "outcome": found.outcome.key if found.outcome else None,
        "destination": definition.destinations.index(found.destination) if found.destination else None,
    } == reference.run(form, typed, facts, ON)


@THOROUGH
@given(st.data(), FACTS_GIVEN)
def test_hidden_answers_count_nowhere(data, facts):
    definition = read(form := data.draw(forms()))
    typed = data.draw(answers(form))
    found = walked(definition, typed, facts)
    shown = {question.key for step in found.steps for question in step.questions} | {
        step.step.key for step in found.steps
    }
    assert found.values.keys() <= shown | definition.calculation.keys()
    without = {key: value for key, value in typed.items() if key in shown}
    assert walked(definition, without, facts) == found


@THOROUGH
@given(forms())
def test_form_comes_back_from_its_json_as_it_was(form):
    definition = read(form)
    assert read(write(definition)) == definition


@SLOW
@given(st.data(), FACTS_GIVEN)
def test_proved_form_can_be_finished_from_every_state(data, facts):
    definition = read(form := data.draw(forms()))
    proof = prove(definition, ON)
    assert not [finding for finding in proof.findings if "differ" in finding.sentence or "seconds" in finding.sentence]
    if not proof.holds:
        return
    assert proof.paths
    assert finishes(definition, data.draw(answers(form)), facts)
    assert {path.outcome for path in proof.paths} == {outcome.key for outcome in definition.outcomes}
    found = walked(definition, data.draw(answers(form)), facts)
    if found.open_step is None:
        assert found.outcome is not None
        assert found.destination is not None or not found.outcome.sends


@SLOW
@given(st.data(), FACTS_GIVEN)
def test_what_the_proof_says_never_comes_never_comes(data, facts):
    """The contrary of a proof: no answers reach a step, a question or an outcome that was refused as out of reach."""
    definition = read(form := data.draw(forms()))
    refused = {finding.place for finding in prove(definition, ON).findings if "never" in finding.sentence}
    found = walked(definition, data.draw(answers(form)), facts)
    for shown in found.steps:
        number = definition.steps.index(shown.step)
        assert f"form.steps[{number}]" not in refused
        for question in shown.questions:
            assert f"form.steps[{number}].questions[{shown.step.questions.index(question)}]" not in refused
    if found.outcome:
        assert f"form.outcomes[{definition.outcomes.index(found.outcome)}]" not in refused


@OFTEN
@given(st.data(), FACTS_GIVEN)
def test_a_draft_is_finished_however_often_somebody_goes_back(data, facts):
    """From any answers, hidden and stale ones among them, with any pages sent: going on ends, and what is hidden counts
    nowhere on the way. Then other answers are given, as by who goes back, and it ends again."""
    definition = read(form := data.draw(forms()))
    if not prove(definition, ON).holds:
        return
    keys = [step.key for step in definition.steps]
    typed, seen = data.draw(answers(form)), set(data.draw(st.lists(st.sampled_from(keys), unique=True)))
    for _visit in range(2):
        for _page in keys:
            found = walk(definition, typed, Facts(ON, **facts), seen=seen)
            shown = {key for step in found.steps for key in (step.step.key, *(row.key for row in step.questions))}
            assert found.values.keys() <= shown | definition.calculation.keys()
            if found.open_step is None:
                break
            typed, seen = gone_on(definition, typed, seen, found, facts)
        found = walk(definition, typed, Facts(ON, **facts), seen=seen)
        assert found.open_step is None
        assert found.outcome is not None
        typed = {**typed, **data.draw(answers(form))}
        seen -= set(data.draw(st.lists(st.sampled_from(keys), unique=True)))


def gone_on(definition, typed, seen, found, facts):
    """The open page is sent with what stands there, when that is good, else with the first answers that are."""
    here = found.open_step.key
    for tried in ({}, *attempts(found.steps[-1])):
        then = walk(definition, {**typed, **tried}, Facts(ON, **facts), seen={*seen, here})
        if then.open_step is None or then.open_step.key != here:
            return {**typed, **tried}, {*seen, here}
    raise AssertionError(f"Nobody gets past {here} with {typed}.")
