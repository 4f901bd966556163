"""Random forms are published and walked through the pages and through the API: what the evaluator says of them there is
what a person sees. `SEARCH_FORMS=1` walks others each time, and more."""

import copy

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.smartforms.answers import write_answer
from portal.smartforms.definition.model import StepKind
from portal.smartforms.definition.reading import read
from portal.smartforms.models import Answer, Submission
from portal.smartforms.proving.gate import prove
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.portal.smartforms import reference
from tests.portal.smartforms.api.conftest import Caller
from tests.portal.smartforms.random_forms import answers, forms
from tests.portal.smartforms.test_properties import ALWAYS, SEARCHES
from tests.portal.smartforms.walking.test_library import few_that_see_all, person_for
from tests.portal.smartforms.walking.walker import Walker

__all__ = ["person_for"]
pytestmark = pytest.mark.django_db
SOME = settings(max_examples=300 if SEARCHES else 20, **ALWAYS)
MOST_WAYS = 2  # of one form


@pytest.fixture
def services(db):
    for slug in ("general-enquiry", "potholes"):
        ServiceFactory(slug=slug)


@st.composite
def published(draw):
    """A form that can be finished, and answers that were typed before. Fees are left out: a proof takes any amount, a
    page the one of the day."""
    form = draw(forms())
    assume(not any(row["kind"] == "fee" for row in form["calculations"]))
    proof = prove(read(form), timezone.localdate())
    assume(proof.holds)
    return form, proof, draw(answers(form))


class PlainWalker(Walker):
    """What may be asked says the reference: the examples leave most optional questions empty, shown or not."""

    def __init__(self, client, form, path, *, stale):
        super().__init__(client, read(form), path, stale=stale)
        self.form = form

    def _questions_shown(self):
        yield from reference.run(self.form, self.path.answers, {**self.path.facts, "fees": {}}, timezone.localdate())[
            "questions"
        ]


def stale_of(definition, typed):
    """As a draft keeps them: what stands there before the first page, in questions of their own."""
    asked = {
        question.key: question
        for step in definition.steps
        if step.kind is not StepKind.GROUP
        for question in step.questions
    }
    return {key: write_answer(asked[key], value) for key, value in typed.items() if key in asked}


def ways_of(proof, can):
    """So many that most is seen, of those whose facts can be had here."""
    ways = [path for path in proof.paths if can(path.facts)]
    return list(few_that_see_all(ways))[:MOST_WAYS] if ways else []


def in_a_browser(facts):
    return not facts["with_staff"] and (facts["signed_in"] or not facts["for_somebody_else"])


@SOME
@given(made=published())
def test_random_forms_are_walked_through_the_pages(made, services, person_for):
    form, proof, typed = made
    definition = read(form)
    with transaction.atomic():
        import_form(copy.deepcopy(form), by=None)
        for path in ways_of(proof, in_a_browser):
            sent = PlainWalker(person_for(path.facts), form, path, stale=stale_of(definition, typed)).walk()
            assert bool(sent) == (path.destination is not None)
        transaction.set_rollback(True)


@SOME
@given(made=published())
def test_random_forms_are_walked_through_the_api(made, services):
    form, proof, _typed = made
    definition = read(form)
    with transaction.atomic():
        import_form(copy.deepcopy(form), by=None)
        caller = Caller("Walker")
        call_command("allow_form", "Walker", "random", channel="web")
        for path in ways_of(proof, lambda facts: not any(facts.values())):
            walk_as_system(caller, definition, path)
        transaction.set_rollback(True)


def walk_as_system(caller, definition, path):
    steps = {step.key: step for step in definition.steps}
    state = caller.begin("random").json()
    for key in path.steps:
        assert state["next_step"] == key
        state = caller.good(key, said(steps[key], path.answers))
    assert state["next_step"] is None
    assert state["outcome"]["key"] == path.outcome
    answer = caller.submit(declared=True)
    assert answer.status_code == (409 if path.destination is None else 201), answer.content
    if path.destination is not None:
        submission = Submission.objects.get(draft_id=caller.draft)
        row = definition.destinations[path.destination]
        assert (submission.case.service.slug, submission.case.title) == (row.service, row.case_title)
        kept = set(Answer.objects.filter(submission=submission).values_list("path", flat=True))
        assert kept == set(paths_of(steps, path))


def said(step, given_answers):
    if step.kind is StepKind.GROUP:
        return [of_one(step, thing) for thing in given_answers.get(step.key, [])]
    return of_one(step, given_answers)


def of_one(step, given_answers):
    by_key = {question.key: question for question in step.questions}
    return {key: write_answer(by_key[key], value) for key, value in given_answers.items() if key in by_key}


def paths_of(steps, path):
    for key in path.steps:
        for question in steps[key].questions:
            if steps[key].kind is StepKind.GROUP:
                things = enumerate(path.answers.get(key, []))
                yield from (f"{key}[{number}].{question.key}" for number, thing in things if question.key in thing)
            elif question.key in path.answers:
                yield question.key
