"""Answers as a draft keeps them in JSON, and as the evaluator reckons with them."""

from collections.abc import Mapping
from typing import Any as Anything

from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.evaluating import Value
from portal.smartforms.kinds import kind_of


def read_answers(definition: Definition, kept: Mapping[str, Anything]) -> dict[str, Value]:
    """What the form still asks for. What cannot be read any more counts as not given."""
    values: dict[str, Value] = {}
    for step in definition.steps:
        if step.kind is StepKind.GROUP:
            if isinstance(kept.get(step.key), list):
                values[step.key] = [_read(step, thing) for thing in kept[step.key]]
        else:
            values |= _read(step, kept)
    return values


def _read(step: Step, kept: Mapping[str, Anything]) -> dict[str, Anything]:
    found = {question.key: read_answer(question, kept.get(question.key)) for question in step.questions}
    return {key: value for key, value in found.items() if is_given(value)}


def read_answer(question: Question, kept: Anything) -> Anything:
    """None for nothing, and for what its kind did not write."""
    if not is_given(kept):
        return None
    kind = kind_of(question)
    try:
        value = kind.from_json(kept)
    except ValueError:
        return None
    if kind.options(question) and not _is_offered(question, value):
        return None
    return value


def write_answer(question: Question, value: Anything) -> Anything:
    return kind_of(question).to_json(value)


def is_given(value: Anything) -> bool:
    return value is not None and value not in ("", [], {})


def _is_offered(question: Question, value: Anything) -> bool:
    codes = {option.value for option in kind_of(question).options(question)}
    match value:
        case str():
            return value in codes
        case list():
            return all(isinstance(code, str) and code in codes for code in value)
    return True
