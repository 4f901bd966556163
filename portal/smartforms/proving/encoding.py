"""A form as formulas of the solver Z3: every way to fill it in is a model of them, and every model is such a way.

Exact, not approximate: the day is fixed, so that "eighteen years ago" is a day; money is a whole number of pence. What
a text says is left open, because rules cannot ask it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any as Anything

import z3
from dateutil.relativedelta import relativedelta

from portal.smartforms.definition.conditions import All, Any, Condition, Moment, Not, Op, Test
from portal.smartforms.definition.model import (
    Calculation,
    CalculationKind,
    Definition,
    FeeRow,
    Outcome,
    Question,
    Step,
    StepKind,
)
from portal.smartforms.evaluating import FACTS, fee_key
from portal.smartforms.kinds import Family, date_bounds, day_of, kind_of, number_bounds
from portal.smartforms.proving.structure import small_numbers


@dataclass
class Asked:
    """The variables of one question: `value` is None for texts, one Boolean an option for what is ticked."""

    question: Question
    shown: z3.BoolRef
    given: z3.BoolRef
    value: Anything = None
    unit: int = 1  # how many make one: 100 for money
    variables: list[z3.ExprRef] = field(default_factory=list)


@dataclass
class Gone:
    """One step: whether it is shown, what a complete answer must meet, and whether the walk goes on behind it."""

    step: Step
    shown: z3.BoolRef
    valid: z3.BoolRef
    goes_on: z3.BoolRef
    variables: list[z3.ExprRef]
    ends: list[z3.BoolRef]


class Encoding:
    def __init__(self, definition: Definition, on: dt.date) -> None:
        self.definition, self.on = definition, on
        self.facts = {f"fact.{name}": z3.Bool(f"fact.{name}") for name in FACTS}
        self.asked: dict[str, Asked] = {}
        self.counts: dict[str, z3.ArithRef] = {}
        self.totals: dict[str, z3.ArithRef] = {}
        self.fees: dict[str, tuple[z3.BoolRef, z3.ArithRef]] = {}  # whether the catalogue has it; how many pence
        self.defined: list[z3.BoolRef] = []  # what calculations need beside them
        self.steps: list[Gone] = []
        self._calculated: dict[str, z3.ArithRef] = {}
        alive: z3.BoolRef = z3.BoolVal(True)
        for step in definition.steps:
            gone = self._step(step, alive)
            self.steps.append(gone)
            alive = gone.goes_on
        self.outcomes = self._outcomes(alive)
        self.sends = z3.Or(*[self.outcomes[row.key] for row in definition.outcomes if row.sends], z3.BoolVal(False))
        self.destinations = self._first(row.when for row in definition.destinations)

    # --- steps and questions ---

    def _step(self, step: Step, alive: z3.BoolRef) -> Gone:
        shown = z3.And(alive, self.holds(step.show_when))
        valid: list[z3.BoolRef] = []
        variables: list[z3.ExprRef] = []
        if step.kind is StepKind.GROUP:
            valid, variables = self._group(step, shown)
        else:
            for question in step.questions:
                asked = self._question(question, z3.And(shown, self.holds(question.show_when)), valid)
                self.asked[question.key] = asked
                variables += [asked.given, *asked.variables]
            for question in step.questions:
                given = self.asked[question.key].given
                valid += [z3.Implies(given, self.holds(check.must)) for check in question.checks]
        ends: list[z3.BoolRef] = []
        goes_on = alive
        for end in self.definition.ends_after(step):
            ends.append(z3.And(goes_on, shown, self.holds(end.when)))
            goes_on = z3.And(goes_on, z3.Not(ends[-1]))
        return Gone(step, shown, z3.And(*valid, z3.BoolVal(True)), goes_on, variables, ends)

    def _question(self, question: Question, shown: z3.BoolRef, valid: list[z3.BoolRef]) -> Asked:
        asked = Asked(question, shown, z3.Bool(f"given.{question.key}"))
        valid.append(asked.given == shown if question.required else z3.Implies(asked.given, shown))
        kind, name = kind_of(question), f"value.{question.key}"
        match kind.family:
            case Family.CHOICE:
                asked.value = z3.Int(name)
                valid += [asked.value >= 0, asked.value < len(kind.options(question))]
                asked.variables = [asked.value]
            case Family.TICKED:
                asked.value = {row.value: z3.Bool(f"{name}.{row.value}") for row in kind.options(question)}
                asked.variables = list(asked.value.values())
                valid.append(asked.given == z3.Or(*asked.variables))
            case Family.NUMBER:
                asked.value, asked.unit = z3.Int(name), self._unit(question)
                least, most = number_bounds(question)
                valid += [asked.value >= int(least * asked.unit), asked.value <= int(most * asked.unit)]
                asked.variables = [asked.value]
            case Family.DATE:
                asked.value = z3.Int(name)
                earliest, latest = date_bounds(question, self.on)
                valid += [asked.value >= earliest.toordinal(), asked.value <= latest.toordinal()]
                asked.variables = [asked.value]
        return asked

    @staticmethod
    def _unit(question: Question) -> int:
        return 100 if question.kind == "money" else 1

    def _group(self, step: Step, shown: z3.BoolRef) -> tuple[list[z3.BoolRef], list[z3.ExprRef]]:
        count = z3.Int(f"count.{step.key}")
        self.counts[step.key] = z3.If(shown, count, 0)
        valid = [count >= step.least, count <= step.most]
        variables: list[z3.ExprRef] = [count]
        for question in step.questions:
            if kind_of(question).family is Family.NUMBER:
                total, unit = z3.Int(f"total.{step.key}.{question.key}"), self._unit(question)
                least, most = number_bounds(question)
                asked = z3.And(shown, self.holds(question.show_when))
                low, high = (int(least * unit), int(most * unit))
                if not question.required:
                    low, high = min(low, 0), max(high, 0)
                valid += [total >= low * count, total <= high * count]
                self.totals[f"{step.key}.{question.key}"] = z3.If(asked, z3.ToReal(total) / unit, z3.RealVal(0))
                variables.append(total)
        return valid, variables

    # --- how it ends ---

    def _outcomes(self, alive: z3.BoolRef) -> dict[str, z3.BoolRef]:
        """By key, when the form ends with it."""
        chosen: dict[str, list[z3.BoolRef]] = {row.key: [] for row in self.definition.outcomes}
        by_rows = alive
        for gone in self.steps:
            for end, holds in zip(self.definition.ends_after(gone.step), gone.ends, strict=True):
                if end.outcome:
                    chosen[end.outcome].append(holds)
                else:
                    by_rows = z3.Or(by_rows, holds)
        rows: tuple[Outcome, ...] = self.definition.outcomes
        for row, holds in zip(rows, self._first(row.when for row in rows), strict=True):
            chosen[row.key].append(z3.And(by_rows, holds))
        return {key: z3.Or(*ways) for key, ways in chosen.items()}

    def _first(self, conditions: Iterable[Condition | None]) -> list[z3.BoolRef]:
        """For each row, that it is the first that holds."""
        rows, before = [], z3.BoolVal(True)
        for condition in conditions:
            holds = self.holds(condition)
            rows.append(z3.And(before, holds))
            before = z3.And(before, z3.Not(holds))
        return rows

    # --- conditions ---

    def holds(self, condition: Condition | None) -> z3.BoolRef:
        match condition:
            case None:
                return z3.BoolVal(True)
            case All(parts):
                return z3.And(*map(self.holds, parts))
            case Any(parts):
                return z3.Or(*map(self.holds, parts))
            case Not(part):
                return z3.Not(self.holds(part))
        return self._test(condition)

    def _test(self, test: Test) -> z3.BoolRef:
        if test.about in self.facts:
            yes = self.facts[test.about]
            if test.op is Op.GIVEN:
                return z3.BoolVal(True)
            return z3.Or(*[yes if value == "yes" else z3.Not(yes) for value in test.values])
        if test.about in self.definition.calculation:
            return self._calculation_passes(self.definition.calculation[test.about], test)
        asked = self.asked[test.about]
        if test.op is Op.GIVEN:
            return asked.given
        return z3.And(asked.given, self._passes(asked, test))

    def _passes(self, asked: Asked, test: Test) -> z3.BoolRef:
        if test.op is Op.ONE_OF:
            codes: list[Anything] = [option.value for option in kind_of(asked.question).options(asked.question)]
            return z3.Or(*[asked.value == codes.index(value) for value in test.values])
        if test.op is Op.INCLUDES:
            return z3.Or(*[asked.value[value] for value in test.values])
        wanted = test.values[0]
        if isinstance(wanted, Moment):
            return _COMPARE[test.op](asked.value, day_of(wanted, self.on).toordinal())
        return _COMPARE[test.op](z3.ToReal(asked.value), _real(wanted * asked.unit))  # type: ignore[operator]

    # --- calculations ---

    def _there(self, row: Calculation) -> z3.BoolRef:
        match row.kind:
            case CalculationKind.YEARS_SINCE | CalculationKind.DAYS_SINCE:
                return self.asked[row.about].given
            case CalculationKind.FEE:
                chosen = self._first(line.when for line in row.fees)
                known = [self._fee(row.about, line)[0] for line in row.fees]
                return z3.And(*[z3.Implies(holds, there) for holds, there in zip(chosen, known, strict=True)])
            case CalculationKind.SUM:
                parts = [self.definition.calculation.get(term.about) for term in row.terms]
                prices = {CalculationKind.FEE, CalculationKind.SUM}
                return z3.And(*[self._there(part) for part in parts if part and part.kind in prices])
        return z3.BoolVal(True)

    def _fee(self, service: str, line: FeeRow) -> tuple[z3.BoolRef, z3.ArithRef]:
        """Whatever the council decides: it may be any amount, or not be charged at all."""
        key = fee_key(service, line)
        if key not in self.fees:
            self.fees[key] = z3.Bool(f"fee.{key}"), z3.Int(f"pence.{key}")
            self.defined.append(self.fees[key][1] >= 0)
        return self.fees[key]

    def _amount(self, row: Calculation) -> z3.ArithRef:
        value: z3.ArithRef = _real(row.base)
        for line in reversed(row.fees):
            value = z3.If(self.holds(line.when), z3.ToReal(self._fee(row.about, line)[1]) / 100, value)
        if not row.per:
            return value
        times, number = z3.RealVal(0), self.number(row.per)
        for small in small_numbers(self.definition, row.per) or ():
            times = z3.If(number == small, value * small, times)
        return times

    def _calculation_passes(self, row: Calculation, test: Test) -> z3.BoolRef:
        there = self._there(row)
        if test.op is Op.GIVEN:
            return there
        return z3.And(there, _COMPARE[test.op](self.number(row.key), _real(test.values[0])))

    def number(self, key: str) -> z3.ArithRef:
        """A calculation, or an answer that is a number; nothing when it is absent."""
        if key in self.definition.calculation:
            if key not in self._calculated:
                self._calculated[key] = self._calculate(self.definition.calculation[key])
            return self._calculated[key]
        asked = self.asked[key]
        return z3.If(asked.given, z3.ToReal(asked.value) / asked.unit, z3.RealVal(0))

    def _calculate(self, row: Calculation) -> z3.ArithRef:
        match row.kind:
            case CalculationKind.FEE:
                return self._amount(row)
            case CalculationKind.COUNT:
                return z3.ToReal(self.counts[row.about])
            case CalculationKind.TOTAL:
                return self.totals[row.about]
            case CalculationKind.SUM:
                return z3.Sum(_real(row.base), *[self.number(term.about) * _real(term.times) for term in row.terms])
            case CalculationKind.SCORE:
                points = [z3.If(self.holds(line.when), _real(line.number), z3.RealVal(0)) for line in row.rows]
                return z3.Sum(_real(row.base), *points)
            case CalculationKind.TABLE:
                value: z3.ArithRef = _real(row.base)
                for line in reversed(row.rows):
                    value = z3.If(self.holds(line.when), _real(line.number), value)
                return value
        asked = self.asked[row.about]
        days = row.kind is CalculationKind.DAYS_SINCE
        since = self.on.toordinal() - asked.value if days else self._years_since(row, asked)
        return z3.If(asked.given, z3.ToReal(since), z3.RealVal(0))

    def _years_since(self, row: Calculation, asked: Asked) -> z3.ArithRef:
        """At least so many years have passed exactly if the date is not after a certain day, year by year."""
        years, question = z3.Int(f"years.{row.key}"), asked.question
        earliest, latest = date_bounds(question, self.on)
        most, least = (relativedelta(self.on, day).years for day in (earliest, latest))
        self.defined += [years >= least, years <= most]
        for number in range(least + 1, most + 1):
            self.defined.append((years >= number) == (asked.value <= _last_day(self.on, number).toordinal()))
        return years


def _last_day(on: dt.date, years: int) -> dt.date:
    """The last day since which so many whole years have passed."""
    near = on - relativedelta(years=years) if years > 0 else on + relativedelta(years=1 - years)
    day = near + dt.timedelta(days=2)
    while relativedelta(on, day).years < years:
        day -= dt.timedelta(days=1)
    return day


def _real(number: Anything) -> z3.RatNumRef:
    return z3.RealVal(str(Decimal(number)))


_COMPARE: dict[Op, Anything] = {
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
