"""Answers to one step as JSON: the checks are those of the pages, question by question, each with its own sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from barnet.kit.sentences import field_errors
from portal.smartforms.answers import is_given
from portal.smartforms.api.schemas import wrong_shape
from portal.smartforms.definition.model import Question, StepKind
from portal.smartforms.evaluating import ShownStep, Value, broken_checks
from portal.smartforms.kinds import Asking, Family, kind_of
from portal.smartforms.running import saving
from portal.smartforms.running.run import Run
from portal.smartforms.running.step_form import StepForm

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass
class Wrong:
    """What cannot be taken: the question, in a group the thing by its index, and the sentence."""

    errors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, question: str | None, message: str, index: int | None = None) -> None:
        self.errors.append({"question": question, "index": index, "message": message})


def take(run: Run, shown: ShownStep, sent: Any) -> Wrong:
    """Saves what was sent to a step, all of it or nothing."""
    wrong = Wrong()
    match shown.step.kind:
        case StepKind.INFORMATION:
            _answers(run, (), sent, wrong)
            if not wrong.errors:
                saving.finish_step(run, shown.step)
        case StepKind.GROUP:
            things = _things(run, shown, sent, wrong)
            if not wrong.errors:
                saving.save_things(run, shown, things)
        case _:
            answers = _answers(run, shown.questions, sent, wrong)
            _check_together(run, shown, answers, wrong)
            if not wrong.errors:
                saving.save_step(run, shown, answers)
    return wrong


def _things(run: Run, shown: ShownStep, sent: Any, wrong: Wrong) -> list[dict[str, Value]]:
    step = shown.step
    if not isinstance(sent, list):
        wrong.add(None, "A group is answered with a list.")
        return []
    if not step.least <= len(sent) <= step.most:
        words = _("Between %(least)d and %(most)d are needed here.")
        wrong.add(None, words % {"least": step.least, "most": step.most})
        return []
    return [_answers(run, shown.questions, thing, wrong, index) for index, thing in enumerate(sent)]


def _answers(
    run: Run, questions: tuple[Question, ...], sent: Any, wrong: Wrong, index: int | None = None
) -> dict[str, Value]:
    if not isinstance(sent, Mapping):
        wrong.add(None, "Answers are an object: question and answer.", index)
        return {}
    for name in sorted(sent.keys() - {question.key for question in questions})[:20]:
        wrong.add(name[:80], "This step does not ask this now.", index)
    found: dict[str, Value] = {}
    for question in questions:
        value, sentences = _answer(run, question, sent.get(question.key))
        for sentence in sentences:
            wrong.add(question.key, sentence, index)
        if is_given(value) and not sentences:
            found[question.key] = value
    return found


def _answer(run: Run, question: Question, sent: Any) -> tuple[Any, list[str]]:
    data: dict[str, list[Any]] = {}
    if is_given(sent):
        if sentence := wrong_shape(question, sent):
            return None, [sentence]
        try:
            data = _as_posted(question, sent)
        except (ValueError, TypeError, KeyError) as error:
            return None, [str(error) if type(error) is ValueError and error.args else "This cannot be read."]
    form = StepForm(MultiValueDict(data), MultiValueDict(), questions=[question], asking=_asking(run))
    if form.is_valid():
        return form.answers.get(question.key), []
    return None, field_errors(form[question.key])


def _as_posted(question: Question, sent: Any) -> dict[str, list[Any]]:
    """What a browser would send for it."""
    kind, key = kind_of(question), question.key
    match kind.family:
        case Family.DATE:
            day = _DAY.fullmatch(sent)
            if not day:
                raise ValueError(_("Write the day as 2026-03-27."))
            return {f"{key}_year": [day[1]], f"{key}_month": [day[2]], f"{key}_day": [day[3]]}
        case Family.TICKED:
            return {key: list(sent)}
        case Family.CHOICE | Family.NUMBER | Family.TEXT:
            return {key: [str(sent)]}
    return kind.posted(key, kind.from_json(_named(sent) if question.kind == "files" else sent))


def _named(sent: Any) -> Any:
    """Of a file that arrived before, the id is enough."""
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in sent):
        raise ValueError(_("A list of files, each with its id, is needed here."))
    return [{"name": "", "size": 0, **item} for item in sent]


def _asking(run: Run) -> Asking:
    return run.asking


def _check_together(run: Run, shown: ShownStep, answers: Mapping[str, Value], wrong: Wrong) -> None:
    """The checks that the author wrote, on questions that are answered well."""
    keys = {question.key for question in shown.questions}
    merged = {key: value for key, value in run.values.items() if key not in keys} | dict(answers)
    said = {error["question"] for error in wrong.errors}
    for question, message in broken_checks(run.definition, merged, run.facts, shown.step):
        if question.key not in said:
            wrong.add(question.key, message)


def sentences_of(error: ValidationError) -> list[str]:
    return [str(sentence) for sentence in error.messages]
