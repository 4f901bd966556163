"""Staff put an answer right, with a reason: what stood there is kept, the request follows, its customer is told.

1. What was sent is locked, then its case, as by a customer who answers what staff asked: who comes second sees what
   the first wrote.
2. `seen` is the last correction that the person saw. Another one since: refused, with nothing changed; the very same
   correction by the same person is a double click, and done already.
3. Correction, answer, case, timeline and message are one transaction.
"""

from typing import Any as Anything

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.kit.languages import in_english
from portal.cases.models import Case
from portal.cases.services import correct_case
from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import DataClass
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Answer, AnswerCorrection, Submission
from portal.smartforms.results.paths import place_of
from portal.smartforms.results.told import case_title_of, told_now
from portal.smartforms.versions import definition_of

EMPTY = ""  # what stands in the place of an answer that was taken away


class StaleAnswerError(ValueError):
    """Somebody else corrected it since."""


class SameAnswerError(ValueError):
    """It says this already."""


@in_english()
@transaction.atomic
def correct_answer(answer: Answer, *, actor: Actor, value: Anything, reason: str, seen: int) -> Answer:
    """`value`: None takes an answer away. Raises StaleAnswerError or SameAnswerError, and changes nothing then."""
    submissions = Submission.objects.select_for_update(of=("self",)).select_related("version", "subject")
    submission = submissions.get(pk=answer.submission_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=submission.case_id)
    locked = Answer.objects.get(pk=answer.pk)
    definition = definition_of(submission.version)
    question = place_of(definition, locked.path).question
    assert question is not None
    assert actor.user is not None
    kept = kind_of(question).to_json(value) if is_given(value) else EMPTY
    words = kind_of(question).in_words(question, value) if is_given(value) else ""
    last = locked.corrections.last()
    if (last.pk if last else 0) != seen:
        if last and (last.by_id, last.reason, locked.value) == (actor.user.pk, reason, kept):
            return locked
        raise StaleAnswerError
    if locked.value == kept:
        raise SameAnswerError
    case_title = case_title_of(submission, definition)
    before = told_now(submission, definition, case_title)
    AnswerCorrection.objects.create(
        answer=locked, before=locked.value, words_before=locked.words, reason=reason, by=actor.user
    )
    locked.value, locked.words = kept, words
    locked.save(update_fields=["value", "words"])
    is_special = locked.data_class == DataClass.SPECIAL
    what = _lazy("one of your answers") if is_special else f"“{question.label}”"
    correct_case(
        case,
        actor=actor,
        before=before,
        after=told_now(submission, definition, case_title),
        public_text=_("We corrected %(what)s. With your answers you see what stood there before, and why.")
        % {"what": what},
        what=what,
    )
    return locked
