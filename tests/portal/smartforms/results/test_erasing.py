"""Words that staff erase from a request are gone from the answers that it was made with."""

import pytest

from barnet.customers.actors import Actor
from portal.cases.services import erase_words
from portal.smartforms.models import Answer
from tests import factories

pytestmark = pytest.mark.django_db


def test_erased_words_leave_the_answers_and_what_stood_there_before(submission):
    answer = submission.answers.filter(kind="name").first()
    by = factories.StaffFactory(roles=["team_lead"])
    answer.corrections.create(before="Maud Minor", words_before="Maud Minor", reason="Was Maud Minor", by=by)
    Answer.objects.filter(pk=answer.pk).update(value="Not Maud Minor", words="Not Maud Minor")
    erase_words(submission.case, actor=Actor.staff(by), words="maud minor", why="Another person")
    answer.refresh_from_db()
    assert (answer.value, answer.words) == ("Not […]", "Not […]")
    correction = answer.corrections.get()
    assert (correction.before, correction.words_before, correction.reason) == ("[…]", "[…]", "Was […]")
