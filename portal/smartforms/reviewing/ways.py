"""Every way through a form in words: answers that lead there, the pages that come, and how it ends."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from typing import Any as Anything

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.smartforms.definition.conditions import Condition, tests_of
from portal.smartforms.definition.model import (
    Definition,
    Destination,
    End,
    Outcome,
    Question,
    Step,
    StepKind,
)
from portal.smartforms.evaluating import Walk, walk
from portal.smartforms.kinds import kind_named
from portal.smartforms.rules_in_words import FACT_LABELS, label_of

if TYPE_CHECKING:  # with it comes the solver
    from portal.smartforms.proving.examples import Example


@dataclass(frozen=True, slots=True)
class Because:
    """Something that rules ask about, and what it is on this way."""

    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Seen:
    step: Step
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Way:
    number: int
    because: tuple[Because, ...]
    pages: tuple[Seen, ...]
    outcome: Outcome | None
    destination: Destination | None
    ended_by: End | None = None  # what ended it early

    @property
    def step_keys(self) -> frozenset[str]:
        return frozenset(page.step.key for page in self.pages)


def ways_of(definition: Definition, examples: Iterable["Example"], on: dt.date) -> list[Way]:
    asked = list(asked_about(definition))
    return [_way(number, definition, example, asked, on) for number, example in enumerate(examples, 1)]


def _way(number: int, definition: Definition, example: "Example", asked: list[str], on: dt.date) -> Way:
    every = [step.key for step in definition.steps]
    walked = walk(definition, example.answers, example.facts_on(on), seen=every)
    told = (_because(key, definition, example, walked) for key in asked)
    return Way(
        number,
        tuple(because for because in told if because),
        tuple(Seen(shown.step, shown.questions) for shown in walked.steps),
        walked.outcome,
        walked.destination,
        _end_of(definition, example, walked, on),
    )


def _end_of(definition: Definition, example: "Example", walked: Walk, on: dt.date) -> End | None:
    if not walked.steps:
        return None
    last = walked.steps[-1].step
    ends = (end for end in definition.ends_after(last) if _holds_after(last, end.when, definition, example, on))
    return next(ends, None)


def _holds_after(step: Step, rule: Condition, definition: Definition, example: "Example", on: dt.date) -> bool:
    """Asked of the evaluator, as the only outcome of a form that stops there."""
    steps = definition.steps[: definition.steps.index(step) + 1]
    asked = replace(definition, steps=steps, ends=(), outcomes=(Outcome("holds", "", when=rule),), destinations=())
    every = [step.key for step in steps]
    return walk(asked, example.answers, example.facts_on(on), seen=every).outcome is not None


# --- What decides -----------------------------------------------------------------------------------------------------


def asked_about(definition: Definition) -> Iterator[str]:
    """Whatever decides over the way, in the order of the form: facts, then questions and groups, then calculations."""
    named = {test.about for rule in _rules(definition) for test in tests_of(rule)}
    for row in reversed(definition.calculations):  # each stands on those above it
        if row.key in named:
            named |= {term.about for term in row.terms}
            named |= {test.about for line in row.rows for test in tests_of(line.when)}
            named |= {row.per, *(test.about for line in row.fees for test in tests_of(line.when))} - {""}
            named.add(row.about.partition(".")[0])
    yield from (fact for fact in FACT_LABELS if fact in named)
    for step in definition.steps:
        if step.kind is StepKind.GROUP:
            yield from [step.key] if step.key in named else []
        else:
            yield from (question.key for question in step.questions if question.key in named)
    yield from (row.key for row in definition.calculations if row.key in named)


def _rules(definition: Definition) -> Iterator[Condition | None]:
    for step in definition.steps:
        yield step.show_when
        yield from (question.show_when for question in step.questions)
    yield from (end.when for end in definition.ends)
    yield from (outcome.when for outcome in definition.outcomes)
    yield from (destination.when for destination in definition.destinations)


def _because(key: str, definition: Definition, example: "Example", walked: Walk) -> Because | None:
    """None for what is not asked on this way."""
    if key.startswith("fact."):
        holds = example.facts.get(key.removeprefix("fact."), False)
        return Because(str(FACT_LABELS[key]), _("yes") if holds else _("no"))
    if key not in walked.values:
        is_shown = any(question.key == key for shown in walked.steps for question in shown.questions)
        return Because(label_of(key, definition), _("no answer")) if is_shown else None
    return Because(label_of(key, definition), _in_words(definition.questions.get(key), walked.values[key]))


def _in_words(question: Question | None, value: Anything) -> str:
    if question is None:  # a group, or a number that was calculated
        return ngettext("%d thing", "%d things", len(value)) % len(value) if isinstance(value, list) else f"{value:,f}"
    kind = kind_named(question.kind)
    return kind.in_words(question, value) if kind else str(value)
