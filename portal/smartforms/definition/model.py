"""The parts of a form. All are immutable: a published form never changes under somebody who fills it in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from portal.smartforms.definition.conditions import Condition, Moment


class DataClass(StrEnum):
    ORDINARY = "ordinary"
    PERSONAL = "personal"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a valid answer must meet beyond its kind, and the sentence that is shown when it does not."""

    must: Condition
    message: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the author says to a kind that asks for it: which calendar, which payment."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    kind: str
    label: str
    hint: str = ""
    help: str = ""
    why: str = ""
    required: bool = True
    show_when: Condition | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()  # of a table: each is answered by one of the options
    parts: tuple[str, ...] = ()  # asked besides the usual ones: "title" and "date_of_birth" of a person
    setup: tuple[Setting, ...] = ()
    pattern: str = ""  # of a reference: 9 a digit, A a letter, X either; "99999999|AA 9999"
    least: Decimal | None = None  # of a number, of money in pounds, of letters in a text, of files
    most: Decimal | None = None
    earliest: Moment | None = None
    latest: Moment | None = None
    checks: tuple[Check, ...] = ()
    prefill: str = ""
    from_link: bool = False  # a link to the form may say the answer: `?problem=light`
    data_class: DataClass = DataClass.PERSONAL
    keep_days: int | None = None  # None: as long as the case


class StepKind(StrEnum):
    QUESTIONS = "questions"
    GROUP = "group"  # its questions are asked once for each thing: "add another child"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: str
    kind: StepKind = StepKind.QUESTIONS
    body: str = ""
    show_when: Condition | None = None
    questions: tuple[Question, ...] = ()
    item_name: str = ""  # of a group
    least: int = 0
    most: int = 20


@dataclass(frozen=True, slots=True)
class End:
    """After the step `after`, when `when` holds, nothing more is asked. Without an outcome the usual rows decide."""

    after: str
    when: Condition
    outcome: str = ""


class CalculationKind(StrEnum):
    COUNT = "count"  # things of a group
    TOTAL = "total"  # of one number over the things of a group
    SUM = "sum"  # of numbers, each times a factor
    SCORE = "score"  # points for each row that holds
    TABLE = "table"  # the first row that holds
    YEARS_SINCE = "years_since"  # whole years: an age
    DAYS_SINCE = "days_since"
    FEE = "fee"  # of the catalogue on the day: the first row that holds


@dataclass(frozen=True, slots=True)
class Row:
    when: Condition
    number: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    about: str
    times: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee of the catalogue by its code and who pays it."""

    fee: str
    concession: str = "standard"
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """A number that follows from answers. Absent numbers count as nothing; time since an absent date is absent, and so
    are a fee that the catalogue does not have on the day, and a sum with it: no price is not a price of nothing."""

    key: str
    kind: CalculationKind
    label: str
    about: str = ""  # a group for COUNT, "group.question" for TOTAL, a date for YEARS_SINCE, a service for FEE
    terms: tuple[Term, ...] = ()
    rows: tuple[Row, ...] = ()
    fees: tuple[FeeRow, ...] = ()
    per: str = ""  # of a fee: a small number that it is paid for each of
    base: Decimal = Decimal(0)  # where SUM and SCORE begin; what TABLE and FEE give when no row holds
    shown: bool = False  # on the page of answers and in the case


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the form ends. The first row whose `when` holds is taken; `sends` makes a case, otherwise it explains."""

    key: str
    title: str
    body: str = ""
    when: Condition | None = None
    sends: bool = True


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an answered form goes: the first row whose `when` holds."""

    service: str
    case_title: str
    team: str = ""
    urgency: str = "normal"
    next_steps: str = ""  # what our first message says happens next; empty: that we deal with it by the promise
    tells_team: bool = False  # everybody in its team gets an e-mail at once
    when: Condition | None = None


@dataclass(frozen=True)
class Definition:
    slug: str
    title: str
    summary: str
    service: str
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    destinations: tuple[Destination, ...] = ()
    ends: tuple[End, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    declaration: str = ""
    needs_account: bool = False  # only somebody who is signed in, or whom staff serve, may fill it in

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Those asked once, by key; the questions of groups are under `group.question`."""
        return dict(self._questions())

    def _questions(self) -> Iterator[tuple[str, Question]]:
        for step in self.steps:
            for question in step.questions:
                yield (f"{step.key}.{question.key}" if step.kind is StepKind.GROUP else question.key), question

    @cached_property
    def calculation(self) -> dict[str, Calculation]:
        return {calculation.key: calculation for calculation in self.calculations}

    def is_money(self, key: str) -> bool:
        """A question or calculation whose number is pounds."""
        row = self.calculation.get(key)
        if row is None:
            return key in self.questions and self.questions[key].kind == "money"
        if row.kind is CalculationKind.SUM:
            return any(self.is_money(term.about) for term in row.terms)
        return row.kind is CalculationKind.FEE or (row.kind is CalculationKind.TOTAL and self.is_money(row.about))

    def ends_after(self, step: Step) -> Iterator[End]:
        return (end for end in self.ends if end.after == step.key)
