"""A page of a large form costs the same number of queries after any number of answers; `bench/forms.py` has times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.smartforms.answers import read_answer
from portal.smartforms.kinds import kind_of
from portal.smartforms.versions import definition_of
from tests.people import PortalClient
from tests.portal.smartforms.large_form import large_answers, large_form, live_unproved
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db
QUESTIONS = 60


@pytest.fixture
def definition():
    return definition_of(live_unproved(large_form("large", questions=QUESTIONS, rules=40)))


def stand_at(hand, definition, number):
    """Everything before the page is answered."""
    before = definition.steps[:number]
    keys = {question.key for step in before for question in step.questions}
    hand.draft.answers = {key: value for key, value in large_answers(QUESTIONS).items() if key in keys}
    hand.draft.seen = [step.key for step in before]
    hand.draft.save()
    return definition.steps[number]


def posted(step, questions=QUESTIONS):
    answers = large_answers(questions)
    sent = {}
    for question in step.questions:
        sent |= kind_of(question).posted(question.key, read_answer(question, answers[question.key]))
    return sent


def queries(ask):
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code in (200, 302)
    return len(captured)


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_costs_as_many_queries_after_60_answers_as_after_none(definition, asha, signed_in):
    client = PortalClient()
    if signed_in:
        client.force_login(asha.user)
    hand = Hand(client, "large")
    hand.start()
    counts = {}
    for number in (0, 1, len(definition.steps) - 1):
        step = stand_at(hand, definition, number)
        shown = queries(lambda step=step: hand.get(step.key))
        counts[number] = (shown, queries(lambda step=step: hand.post(step.key, posted(step))))
    assert len(set(counts.values())) == 1, counts
    assert sum(counts[0]) <= 20
    stand_at(hand, definition, 0)
    for step in definition.steps:
        assert hand.post(step.key, posted(step)).status_code == 302
    whole = queries(lambda: hand.client.get(hand.check_url))
    hand.draft.refresh_from_db()
    assert len(hand.draft.answers) == QUESTIONS
    assert whole <= counts[0][0]
