"""The customer sends what was asked: the answers become part of the submission and of its case, once.

What was there before stands in a correction of the customer's; what is new says when it came. An answer that the new
ones hide goes, as everywhere: hidden is absent. Nothing is taken away unless the whole form can be followed to its end
with the new answers.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.kit.languages import in_english
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import add_note, answer_question, log_contact, retell_case
from portal.smartforms.answers import read_answers
from portal.smartforms.asking.background import kept_of
from portal.smartforms.comparing import path_of
from portal.smartforms.definition.model import DataClass, Definition
from portal.smartforms.evaluating import Facts, Walk, walk
from portal.smartforms.fees import shown_results
from portal.smartforms.files.keeping import discard, hand_over, ids_in
from portal.smartforms.kinds import NotGoodAnyMoreError, kind_of
from portal.smartforms.models import (
    Answer,
    AnswerCorrection,
    AskedState,
    Draft,
    DraftState,
    FormFile,
    MoreAsked,
    Submission,
)
from portal.smartforms.results.rewalking import facts_of
from portal.smartforms.results.submitting import NotCompleteError
from portal.smartforms.results.told import GivenAnswer, case_title_of, given_answers, told_now
from portal.smartforms.running.prefilling import ASKED_AGAIN
from portal.smartforms.versions import definition_of

_NUMBER = re.compile(r"\[(\d+)\]")


class NoLongerAskedError(ValueError):
    """It was taken back, its time is over, or the request is closed."""


@in_english()
@transaction.atomic
def send_more(draft: Draft, *, walked: Walk, actor: Actor, customer: Customer | None) -> MoreAsked:
    """Raises NotCompleteError or NoLongerAskedError, and changes nothing then. Sent twice, it is there once.

    `walked`: through the narrowed form, with the draft as it is.
    """
    asked = MoreAsked.objects.select_related("submission").get(draft=draft)
    submission = (
        Submission.objects.select_for_update(of=("self",)).select_related("version", "case").get(pk=asked.submission_id)
    )
    asked = MoreAsked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if asked.state == AskedState.ANSWERED:
        return asked
    if not asked.is_open or not submission.case.is_open:
        raise NoLongerAskedError
    if locked.answers != draft.answers or locked.seen != draft.seen:  # changed in another tab meanwhile
        raise NotCompleteError("")
    if walked.open_step:
        raise NotCompleteError(walked.open_step.key)
    change = _Change(submission, asked, definition_of(submission.version), actor, locked)
    case_title = case_title_of(submission, change.definition)
    before = told_now(submission, change.definition, case_title)
    change.take(list(given_answers(walked)), walked)
    after = told_now(submission, change.definition, case_title)
    retell_case(submission.case, before=before, after=after, reckoned=change.results)
    try:
        hand_over(locked, submission, walked.values)
    except NotGoodAnyMoreError as error:
        raise NotCompleteError("", error.sentence) from error
    locked.state, locked.answers, locked.sources = DraftState.SENT, {}, {}
    locked.save(update_fields=["state", "answers", "sources"])
    asked.state, asked.ended_at = AskedState.ANSWERED, timezone.now()
    asked.save(update_fields=["state", "ended_at"])
    draft.state = locked.state
    _tell_case(submission.case, actor, customer, change, key=f"more:{asked.pk}")
    return asked


def _tell_case(case: Case, actor: Actor, customer: Customer | None, change: "_Change", *, key: str) -> None:
    """What was answered is read with the answers: labels and values stand in no message."""
    count = len(change.changed) + len(change.added)
    words = ngettext(
        "%(count)d question was answered in the form.", "%(count)d questions were answered in the form.", count
    ) % {"count": count}
    notes = change.notes()
    if case.state == CaseState.WAITING:
        answer_question(case, actor=actor, answer=words)
    else:  # staff went on without, and it came all the same
        log_contact(actor=actor, subject=customer, summary=words, submission_key=key, case=case)
        notes = [words, *notes]
    if notes:
        add_note(case, actor=actor, text="\n".join(notes))


@dataclass
class _Change:
    submission: Submission
    asked: MoreAsked
    definition: Definition
    actor: Actor
    draft: Draft
    changed: list[Answer] = field(default_factory=list)
    added: list[Answer] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # labels of what is no longer given, or no longer asked
    results: list[tuple[str, str]] | None = None  # reckoned anew; None when the form cannot be followed to its end

    def take(self, given: list[GivenAnswer], walked: Walk) -> None:
        before = {answer.path: answer for answer in self.submission.answers.all()}
        shown = _shown(walked)
        for one in given:
            if one.path in before:
                self._put_right(before[one.path], one)
            else:
                self._add(one)
        paths = {one.path for one in given}
        emptied = [answer for path, answer in before.items() if path not in paths and _key_in_form(path) in shown]
        self._remove([answer for answer in emptied if not _stays(answer)])
        self._follow()

    def _put_right(self, answer: Answer, one: GivenAnswer) -> None:
        kind = kind_of(one.question)
        value, words = kind.to_json(one.value), one.words
        if answer.kind == "files":
            value = [*answer.value, *value]
            words = kind.in_words(one.question, value)
        if value == answer.value:
            return
        AnswerCorrection.objects.create(
            answer=answer,
            before=answer.value,
            words_before=answer.words,
            reason=_("We asked for it again.")[:300],
            by=self.actor.user,
            asked=self.asked,
        )
        answer.value, answer.words, answer.forget_on = value, words, _forget_on(one)
        answer.source, answer.as_of = ASKED_AGAIN, timezone.localdate()
        answer.save(update_fields=["value", "words", "forget_on", "source", "as_of"])
        self.changed.append(answer)

    def _add(self, one: GivenAnswer) -> None:
        answer = Answer.objects.create(
            submission=self.submission,
            path=one.path,
            kind=one.question.kind,
            value=kind_of(one.question).to_json(one.value),
            words=one.words,
            data_class=one.question.data_class,
            source=ASKED_AGAIN,
            as_of=timezone.localdate(),
            forget_on=_forget_on(one),
            position=0,
        )
        self.added.append(answer)

    def _remove(self, answers: list[Answer]) -> None:
        for answer in answers:
            discard(FormFile.objects.filter(submission=self.submission, pk__in=ids_in(answer.value)))
            self.gone.append(self._label(answer.path))
            answer.delete()

    def _follow(self) -> None:
        """The whole form with the new answers: what they hide goes, what is reckoned from them is reckoned anew."""
        answers = list(self.submission.answers.all())
        whole = self._whole(answers, facts_of(self.submission))
        if whole.open_step is None:
            shown = _shown(whole)
            known = [answer for answer in answers if _key_in_form(answer.path) in self.definition.questions]
            self._remove([answer for answer in known if _key_in_form(answer.path) not in shown])
            calculated = {key: str(whole.values[key]) for key in self.definition.calculation if key in whole.values}
            Submission.objects.filter(pk=self.submission.pk).update(calculated=calculated)
            self.results = shown_results(self.definition, whole, with_special=False)
        self._put_in_order()

    def _whole(self, answers: list[Answer], facts: Facts) -> Walk:
        values = read_answers(self.definition, kept_of(answers))
        return walk(self.definition, values, facts, seen=[step.key for step in self.definition.steps])

    def _put_in_order(self) -> None:
        order = {key: number for number, key in enumerate(self.definition.questions)}
        groups = {step.key: number for number, step in enumerate(self.definition.steps)}

        def place(answer: Answer) -> tuple[int, int, int, int]:
            key, number = _key_in_form(answer.path), _NUMBER.search(answer.path)
            first = next((order[one] for one in order if one.partition(".")[0] == key.partition(".")[0]), len(order))
            return first, int(number[1]) if number else 0, order.get(key, len(order)), groups.get(key, 0)

        answers = sorted(self.submission.answers.all(), key=place)
        for position, answer in enumerate(answers):
            answer.position = position
        Answer.objects.bulk_update(answers, ["position"])

    def notes(self) -> list[str]:
        """For staff: what is no longer there, by the question."""
        return [_("No longer given or no longer asked: “%(label)s”") % {"label": label} for label in self.gone]

    def _label(self, path: str) -> str:
        question = self.definition.questions.get(_key_in_form(path))
        return question.label if question else path


def _stays(answer: Answer) -> bool:
    """What the page did not show again is not taken away by leaving its question empty. In a group it would stand at
    another thing when one was removed."""
    return answer.kind == "files" or (answer.data_class == DataClass.SPECIAL and "[" not in answer.path)


def _key_in_form(path: str) -> str:
    return _NUMBER.sub("", path)


def _shown(walked: Walk) -> set[str]:
    return {path_of(shown.step, question) for shown in walked.steps for question in shown.questions}


def _forget_on(one: GivenAnswer) -> dt.date | None:
    days = one.question.keep_days
    return timezone.localdate() + dt.timedelta(days=days) if days else None
