"""What a kind of question is, and the register of kinds.

A value is what the evaluator reckons with: `str` (a code or a text), `list[str]` (what is ticked), `Decimal`, `date`,
or a `dict` of texts for things with parts. In JSON, numbers and days are texts.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import File
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from portal.smartforms.definition.conditions import CHOICE_OPS, DATE_OPS, NUMBER_OPS, TICKED_OPS, Moment, Op
from portal.smartforms.definition.model import Option, Question

# The code of an error that is none: the field has more to ask, and its page is shown again as it was typed.
ASK_MORE = "ask_more"


class Family(StrEnum):
    """What rules may ask of an answer."""

    CHOICE = "choice"
    TICKED = "ticked"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    THING = "thing"  # has parts: a dict or a list of dicts


OPS = {
    Family.CHOICE: CHOICE_OPS | {Op.GIVEN},
    Family.TICKED: TICKED_OPS | {Op.GIVEN},
    Family.NUMBER: NUMBER_OPS | {Op.GIVEN},
    Family.DATE: DATE_OPS | {Op.GIVEN},
    Family.TEXT: frozenset({Op.GIVEN}),
    Family.THING: frozenset({Op.GIVEN}),
}


@dataclass(frozen=True)
class Asking:
    """Where a question is asked: the day, the draft that its files belong to, and whose papers may be offered: nobody's
    while somebody acts for another, who need not know which papers there are."""

    on: dt.date
    draft_id: uuid.UUID | None = None
    papers_of: Customer | None = None


@dataclass(frozen=True)
class SetupPart:
    """Something that a kind asks of the author, a setting of each of its questions."""

    name: str
    label: Any
    required: bool = True
    choices: Callable[[], Iterable[tuple[str, Any]]] | None = None  # None: free text


class NotGoodAnyMoreError(Exception):
    """Raised by `Kind.on_sent`: the answer was good when it was given, and is not now. With a sentence for the person,
    who is led back to its step; nothing is sent."""

    path = ""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Kind:
    """`field(question, asking)` gives a form field whose `clean` returns a value, or says what is wrong. `example` is a
    good value of a text or a thing; of the other families `proving.examples` finds one within the bounds.

    A kind with parts subclasses this: `kinds.composed.ThingKind`. A field that needs several rounds raises a
    ValidationError with the code ASK_MORE until it has its answer.

    A kind of step (`is_step`) stands alone in its step, and may draw its pages itself: `page`."""

    name: str
    label: Any
    family: Family
    field: Callable[[Question, Asking], forms.Field]
    example: Any = ""
    fixed_options: tuple[Option, ...] = ()
    extra_parts: tuple[str, ...] = ()  # those that an author may add to the usual ones by `parts`
    is_cut_to_length: bool = False  # `least` and `most` count the letters of the answer
    is_step: bool = False
    setup: tuple[SetupPart, ...] = ()

    @property
    def has_options(self) -> bool:
        """The author writes the answers to choose from."""
        return self.family in {Family.CHOICE, Family.TICKED} and not self.fixed_options

    @property
    def has_rows(self) -> bool:
        """The author writes rows, each of which is answered by one of the options."""
        return False

    @property
    def has_pattern(self) -> bool:
        """The author writes what an answer looks like: `kinds.masks`."""
        return False

    def options(self, question: Question) -> tuple[Option, ...]:
        return self.fixed_options or question.options

    def to_json(self, value: Any) -> Any:
        match value:
            case Decimal():
                return str(value)
            case dt.date():
                return value.isoformat()
        return value

    def from_json(self, kept: Any) -> Any:
        """Raises ValueError for what `to_json` did not write."""
        try:
            match self.family:
                case Family.NUMBER:
                    return Decimal(kept)
                case Family.DATE:
                    return dt.date.fromisoformat(kept)
        except (ArithmeticError, TypeError) as error:
            raise ValueError(str(error)) from None
        return kept

    def in_words(self, question: Question, value: Any) -> str:
        """As people read it, on the page of answers and in the case."""
        labels: dict[Any, str] = {option.value: str(option.label) for option in self.options(question)}
        match value:
            case Decimal():
                return f"{value:,}"
            case dt.date():
                return date_long(value)
            case list():
                return ", ".join(labels.get(code, str(code)) for code in value)
        return labels.get(value, str(value))

    def example_of(self, question: Question, on: dt.date) -> Any:
        """A good answer of the families TEXT and THING that no rule asks about."""
        if not self.is_cut_to_length:
            return self.example
        longest = int(question.most or 0) or len(self.example)
        return self.example[:longest].ljust(int(question.least or 0), "a")

    def page(self, visit: Any) -> HttpResponse | None:
        """Of a kind of step: its own page for this request, GET or POST, in the hand of a `running.visiting.Visit`.
        None: the usual page of a question. To what `posted` gives it must answer with `visit.done`."""
        return None

    def on_sent(self, submission: Any, path: str, question: Question, value: Any) -> None:
        """In the transaction that sends the form, behind case and answers: book the slot, begin the payment. Raises
        NotGoodAnyMoreError to send nothing and to ask again. Effects outside the database go to the outbox."""

    def keep(self, draft: Any, place: str, value: Any, before: Any) -> Any:
        """Called with the draft locked, in the transaction that saves a page, for each question of the page: the value
        to keep. `place` is the question's key, `group.key` in a group; `before` is what was kept until now, in JSON;
        either may be None. Files are stored and removed here."""
        return value

    def accepted(self, question: Question, asking: Asking, value: Any) -> Any:
        """The value as an answer to this question. Raises ValueError when it is none."""
        field = self.field(question, asking)
        data = MultiValueDict(self.posted("value", value))
        try:
            return field.clean(field.widget.value_from_datadict(data, MultiValueDict(), "value"))
        except ValidationError as error:
            raise ValueError("; ".join(error.messages)) from None

    def posted_files(self, name: str, value: Any) -> dict[str, list[File]]:
        """The files that a browser sends with this answer."""
        return {}

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        """What a browser sends for this answer to a field called `name`, files apart."""
        match value:
            case dt.date():
                return {f"{name}_{part}": [str(getattr(value, part))] for part in ("day", "month", "year")}
            case list():
                return {name: list(value)}
        return {name: [str(value)]}


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in _kinds:
        raise ImproperlyConfigured(f"There is already a kind of question named {kind.name}.")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind | None:
    return _kinds.get(name)


def kind_of(question: Question) -> Kind:
    return _kinds[question.kind]


def names() -> list[str]:
    return sorted(_kinds)


def day_of(moment: Moment, on: dt.date) -> dt.date:
    if moment.on:
        return dt.date.fromisoformat(moment.on)
    return on + relativedelta(**{moment.unit: moment.shift})  # type: ignore[arg-type]


def common(question: Question) -> dict[str, Any]:
    """What every field of Django's takes from a question."""
    return {"label": question.label, "help_text": question.hint, "required": question.required}


YES_NO = (Option("yes", _("Yes")), Option("no", _("No")))  # type: ignore[arg-type]
