"""What is asked, and how it ends: the one evaluator behind preview, runner, proof and API.

`walk` goes through the steps in order. A rule sees only answers that came before it and whose question is shown: an
answer that somebody gave before they changed their mind counts as not given, everywhere. The walk stops at the first
step that is not complete, because what comes behind it is not known yet.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any as Anything

from dateutil.relativedelta import relativedelta

from portal.smartforms.definition.conditions import All, Any, Condition, Moment, Not, Op, Test
from portal.smartforms.definition.model import (
    Calculation,
    CalculationKind,
    Definition,
    Destination,
    FeeRow,
    Outcome,
    Question,
    Step,
    StepKind,
)
from portal.smartforms.kinds import day_of

Value = str | list[str] | Decimal | dt.date | dict[str, Anything] | list[dict[str, Anything]]
Answers = Mapping[str, Value]  # of a group: under the key of its step, a list of answers by question key


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known without asking. Rules name them `fact.signed_in` and so on; they hold "yes" or "no"."""

    on: dt.date
    signed_in: bool = False
    for_somebody_else: bool = False
    with_staff: bool = False
    fees: Mapping[str, Decimal] = field(default_factory=dict)  # pounds by `fee_key`, as they are on the day

    def value(self, name: str) -> str:
        return "yes" if getattr(self, name) else "no"


def fee_key(service: str, row: FeeRow) -> str:
    return f"{service}/{row.fee}/{row.concession}"


FACTS = ("signed_in", "for_somebody_else", "with_staff")


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: Step
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """`steps`: in order, up to and with the first incomplete one. `values`: the answers that count, and what was
    calculated. Complete: `open_step` is None, and `outcome` says how it ends; None then means a gap, which the proof
    excludes."""

    steps: tuple[ShownStep, ...]
    values: Mapping[str, Value]
    open_step: Step | None = None
    outcome: Outcome | None = None
    destination: Destination | None = None


def walk(
    definition: Definition, answers: Answers, facts: Facts, *, seen: Iterable[str] = (), known: Answers | None = None
) -> Walk:
    """`seen`: keys of the steps that the person has sent; a step whose questions are all optional, or that only tells
    something, is complete once it was. `known`: answers from elsewhere, that rules see and nobody is asked for."""
    so_far, steps, seen = _Known(definition, facts, dict(known or {})), [], frozenset(seen)
    for step in definition.steps:
        if not so_far.holds(step.show_when):
            continue
        shown = ShownStep(step, tuple(question for question in step.questions if so_far.holds(question.show_when)))
        steps.append(shown)
        if step.kind is StepKind.GROUP:
            complete = so_far.take_group(shown, answers.get(step.key))
        else:
            complete = so_far.take(shown.questions, answers)
        if not complete or step.key not in seen:
            return Walk(tuple(steps), so_far.everything(), open_step=step)
        for end in definition.ends_after(step):
            if so_far.holds(end.when):
                return _ended(definition, so_far, tuple(steps), end.outcome)
    return _ended(definition, so_far, tuple(steps), "")


def broken_checks(
    definition: Definition, answers: Answers, facts: Facts, at: Step, *, known: Answers | None = None
) -> list[tuple[Question, str]]:
    """The checks of a step's questions that these answers do not meet, with their sentences."""
    so_far = _Known(definition, facts, dict(known or {}))
    for step in definition.steps:
        if not so_far.holds(step.show_when):
            continue
        shown = ShownStep(step, tuple(question for question in step.questions if so_far.holds(question.show_when)))
        if step.kind is StepKind.GROUP:
            so_far.take_group(shown, answers.get(step.key))
            continue
        so_far.take(shown.questions, answers)
        if step.key == at.key:
            given = [question for question in shown.questions if question.key in so_far.values]
            return [(asked, check.message) for asked in given for check in asked.checks if not so_far.holds(check.must)]
    return []


def _ended(definition: Definition, known: "_Known", steps: tuple[ShownStep, ...], outcome_key: str) -> Walk:
    outcome = next(
        (row for row in definition.outcomes if (row.key == outcome_key if outcome_key else known.holds(row.when))),
        None,
    )
    destination = None
    if outcome and outcome.sends:
        destination = next((row for row in definition.destinations if known.holds(row.when)), None)
    return Walk(steps, known.everything(), outcome=outcome, destination=destination)


@dataclass
class _Known:
    """The answers that count so far."""

    definition: Definition
    facts: Facts
    values: dict[str, Value] = field(default_factory=dict)

    def everything(self) -> dict[str, Value]:
        found = {key: self.value(key) for key in self.definition.calculation}
        return {**self.values, **{key: value for key, value in found.items() if value is not None}}

    # --- taking answers ---

    def take(self, questions: Iterable[Question], answers: Answers) -> bool:
        """Takes what was answered; whether enough was, and what was meets the checks."""
        complete = True
        for question in questions:
            value = answers.get(question.key)
            if value is None or value in ("", []):
                complete &= not question.required
                continue
            self.values[question.key] = value
        return complete and all(self.meets(question) for question in questions)

    def meets(self, question: Question) -> bool:
        return question.key not in self.values or all(self.holds(check.must) for check in question.checks)

    def take_group(self, shown: ShownStep, given: Anything) -> bool:
        asked = {question.key: question for question in shown.questions}
        things = [
            {key: value for key, value in thing.items() if key in asked}
            for thing in (given if isinstance(given, list) else [])
        ]
        self.values[shown.step.key] = things
        enough = shown.step.least <= len(things) <= shown.step.most
        return enough and all(
            thing.get(key) not in (None, "", [])
            for thing in things
            for key, question in asked.items()
            if question.required
        )

    # --- asking ---

    def holds(self, condition: Condition | None) -> bool:
        match condition:
            case None:
                return True
            case All(parts):
                return all(self.holds(part) for part in parts)
            case Any(parts):
                return any(self.holds(part) for part in parts)
            case Not(part):
                return not self.holds(part)
        value = self.value(condition.about)
        return value is not None and self._passes(condition, value)

    def _passes(self, test: Test, value: Anything) -> bool:
        if test.op is Op.GIVEN:
            return True
        if test.op is Op.ONE_OF:
            return value in test.values
        if test.op is Op.INCLUDES:
            return any(ticked in test.values for ticked in value)
        asked: Anything = test.values[0]
        return _COMPARE[test.op](value, day_of(asked, self.facts.on) if isinstance(asked, Moment) else asked)

    def value(self, key: str) -> Value | None:
        if key.startswith("fact."):
            return self.facts.value(key.removeprefix("fact."))
        calculation = self.definition.calculation.get(key)
        return self._calculated(calculation) if calculation else self.values.get(key)

    def _calculated(self, row: Calculation) -> Decimal | None:
        match row.kind:
            case CalculationKind.COUNT:
                return Decimal(len(self._things(row.about)))
            case CalculationKind.TOTAL:
                group, _dot, key = row.about.partition(".")
                return sum((thing.get(key) or Decimal(0) for thing in self._things(group)), Decimal(0))
            case CalculationKind.FEE:
                return self._fee(row)
            case CalculationKind.SUM:
                if any(self._is_unpriced(term.about) for term in row.terms):
                    return None
                return sum((self._number(term.about) * term.times for term in row.terms), row.base)
            case CalculationKind.SCORE:
                return sum((point.number for point in row.rows if self.holds(point.when)), row.base)
            case CalculationKind.TABLE:
                return next((line.number for line in row.rows if self.holds(line.when)), row.base)
        day = self.value(row.about)
        if not isinstance(day, dt.date):
            return None
        if row.kind is CalculationKind.DAYS_SINCE:
            return Decimal((self.facts.on - day).days)
        return Decimal(relativedelta(self.facts.on, day).years)

    def _fee(self, row: Calculation) -> Decimal | None:
        chosen = next((line for line in row.fees if self.holds(line.when)), None)
        amount = self.facts.fees.get(fee_key(row.about, chosen)) if chosen else row.base
        return amount if amount is None or not row.per else amount * self._number(row.per)

    def _is_unpriced(self, key: str) -> bool:
        """A fee, or a sum with one, that is not known on this day."""
        row = self.definition.calculation.get(key)
        prices = {CalculationKind.FEE, CalculationKind.SUM}
        return row is not None and row.kind in prices and self._calculated(row) is None

    def _things(self, group: str) -> list[dict[str, Anything]]:
        things = self.values.get(group)
        return things if isinstance(things, list) else []  # type: ignore[return-value]

    def _number(self, key: str) -> Decimal:
        value = self.value(key)
        return value if isinstance(value, Decimal) else Decimal(0)


_COMPARE = {
    Op.EQUALS: lambda value, asked: value == asked,
    Op.AT_LEAST: lambda value, asked: value >= asked,
    Op.MORE_THAN: lambda value, asked: value > asked,
    Op.AT_MOST: lambda value, asked: value <= asked,
    Op.LESS_THAN: lambda value, asked: value < asked,
    Op.BEFORE: lambda value, asked: value < asked,
    Op.ON_OR_BEFORE: lambda value, asked: value <= asked,
    Op.AFTER: lambda value, asked: value > asked,
    Op.ON_OR_AFTER: lambda value, asked: value >= asked,
}
