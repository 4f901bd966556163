"""One way to fill in a form, taken from a model of the solver, as answers that the evaluator and the runner take."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any as Anything

import z3

from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.evaluating import FACTS, Facts, Value, walk
from portal.smartforms.kinds import Family, date_bounds, kind_of, number_bounds
from portal.smartforms.proving.encoding import Asked, Encoding


@dataclass(frozen=True)
class Example:
    """`steps`: keys of those that are shown. `outcome`, `destination`: how it ends by the formulas."""

    answers: Mapping[str, Value]
    facts: Mapping[str, bool]
    steps: tuple[str, ...] = ()
    outcome: str = ""
    destination: int | None = None
    questions: Mapping[str, Question] = field(default_factory=dict)
    fees: Mapping[str, Decimal] = field(default_factory=dict)  # of those that rules ask about

    def in_words(self) -> str:
        told = [f"{name.replace('_', ' ')}: yes" for name, holds in self.facts.items() if holds]
        told += [f"fee {key} = {amount}" for key, amount in self.fees.items()]
        return ", ".join([f"{key} = {_shown(value)}" for key, value in self.answers.items()] + told)

    def facts_on(self, on: dt.date) -> Facts:
        return Facts(on, fees=self.fees, **self.facts)

    def differs(self, definition: Definition, on: dt.date) -> bool:
        """Whether the evaluator walks or ends otherwise."""
        walked = walk(definition, self.answers, self.facts_on(on), seen=[step.key for step in definition.steps])
        steps = tuple(shown.step.key for shown in walked.steps)
        outcome = walked.outcome.key if walked.outcome else ""
        destination = definition.destinations.index(walked.destination) if walked.destination else None
        wanted = (self.steps, self.outcome, self.destination)
        return walked.open_step is not None or (steps, outcome, destination) != wanted


def example_of(form: Encoding, model: z3.ModelRef, *, up_to: Step | None = None) -> Example:
    """`up_to`: only what was answered before that step."""

    def holds(claim: z3.BoolRef) -> bool:
        return z3.is_true(model.eval(claim, model_completion=True))

    answers: dict[str, Value] = {}
    steps: list[str] = []
    for gone in form.steps:
        if gone.step is up_to:
            break
        if not holds(gone.shown):
            continue
        steps.append(gone.step.key)
        if gone.step.kind is StepKind.GROUP:
            answers[gone.step.key] = _things(form, gone.step, model)
            continue
        for question in gone.step.questions:
            asked = form.asked[question.key]
            if holds(asked.given):
                answers[question.key] = _answer(form, asked, model)
    return Example(
        answers=answers,
        facts={name: holds(form.facts[f"fact.{name}"]) for name in FACTS},
        fees={
            key: Decimal(model.eval(pence, model_completion=True).as_long()) / 100
            for key, (there, pence) in form.fees.items()
            if holds(there)
        },
        steps=tuple(steps),
        outcome=next((key for key, chosen in form.outcomes.items() if holds(chosen)), ""),
        destination=next(
            (number for number, chosen in enumerate(form.destinations) if holds(z3.And(form.sends, chosen))), None
        ),
    )


def _answer(form: Encoding, asked: Asked, model: z3.ModelRef) -> Value:
    kind = kind_of(asked.question)

    def number(variable: Anything) -> int:
        return model.eval(variable, model_completion=True).as_long()

    match kind.family:
        case Family.CHOICE:
            return kind.options(asked.question)[number(asked.value)].value
        case Family.TICKED:
            return [code for code, box in asked.value.items() if z3.is_true(model.eval(box, model_completion=True))]
        case Family.NUMBER:
            return Decimal(number(asked.value)) / asked.unit
        case Family.DATE:
            return dt.date.fromordinal(number(asked.value))
    return some_answer(asked.question, form.on)


def some_answer(question: Question, on: dt.date) -> Value:
    """A good answer that no rule asks about."""
    kind = kind_of(question)
    match kind.family:
        case Family.CHOICE:
            return kind.options(question)[0].value
        case Family.TICKED:
            return [kind.options(question)[0].value]
        case Family.NUMBER:
            least, most = number_bounds(question)
            return min(max(Decimal(0), least), most)
        case Family.DATE:
            earliest, latest = date_bounds(question, on)
            return min(max(on, earliest), latest)
    return kind.example_of(question, on)


def _things(form: Encoding, step: Step, model: z3.ModelRef) -> list[dict[str, Anything]]:
    count = model.eval(form.counts[step.key], model_completion=True).as_long()
    things = [{question.key: some_answer(question, form.on) for question in step.questions} for _thing in range(count)]
    for question in step.questions:
        if (
            form.definition
            and question.show_when
            and not z3.is_true(model.eval(form.holds(question.show_when), model_completion=True))
        ):
            for thing in things:
                del thing[question.key]
        elif f"{step.key}.{question.key}" in form.totals:
            total = model.eval(form.totals[f"{step.key}.{question.key}"], model_completion=True).as_fraction()
            _share(things, question, Decimal(total.numerator) / Decimal(total.denominator))
    return things


def _share(things: list[dict[str, Anything]], question: Question, total: Decimal) -> None:
    """Numbers within the bounds of one thing that make the total together."""
    least, most = number_bounds(question)
    if not question.required:
        least, most = min(least, Decimal(0)), max(most, Decimal(0))
    rest = total - least * len(things)
    for thing in things:
        more = min(rest, most - least)
        thing[question.key] = least + more
        rest -= more


def _shown(value: Anything) -> str:
    if isinstance(value, list):
        return f"{len(value)} of them" if value and isinstance(value[0], dict) else " and ".join(map(str, value))
    return str(value)
