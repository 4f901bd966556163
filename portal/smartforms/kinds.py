"""The kinds of question: which control asks it, what a good answer is, and what rules may ask of the answer.

A kind is added with `register(Kind(...))`; a second registration of a name is refused. `field(question, on)` gives a
Django form field whose `clean` says what is wrong; `on` is the day on which the form is filled in. Values are `str` (a
code or a text), `list[str]` (what is ticked), `Decimal`, `date`.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.customers.phones import normalised_phone
from barnet.gazetteer.postcodes import parse_postcode
from barnet.kit.dates import DateField
from barnet.kit.fields import ChoiceLabel
from barnet.kit.wording import day
from portal.smartforms.definition.conditions import CHOICE_OPS, DATE_OPS, NUMBER_OPS, TICKED_OPS, Moment, Op
from portal.smartforms.definition.model import Option, Question

LONGEST_TEXT = 10_000
LARGEST_NUMBER = Decimal(1_000_000_000)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)


class Family(StrEnum):
    """What rules may ask of an answer."""

    CHOICE = "choice"
    TICKED = "ticked"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


OPS = {
    Family.CHOICE: CHOICE_OPS | {Op.GIVEN},
    Family.TICKED: TICKED_OPS | {Op.GIVEN},
    Family.NUMBER: NUMBER_OPS | {Op.GIVEN},
    Family.DATE: DATE_OPS | {Op.GIVEN},
    Family.TEXT: frozenset({Op.GIVEN}),
}


@dataclass(frozen=True)
class Kind:
    name: str
    label: Any
    family: Family
    field: Callable[[Question, dt.date], forms.Field]
    example: str  # a good answer, as somebody types it; choices need none
    fixed_options: tuple[Option, ...] = ()

    @property
    def has_options(self) -> bool:
        """The author writes the answers to choose from."""
        return self.family in {Family.CHOICE, Family.TICKED} and not self.fixed_options

    def options(self, question: Question) -> tuple[Option, ...]:
        return self.fixed_options or question.options


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


# --- Text -------------------------------------------------------------------------------------------------------------


def _common(question: Question) -> dict[str, Any]:
    return {"label": question.label, "help_text": question.hint, "required": question.required}


def _lengths(question: Question, longest: int) -> list[Any]:
    limits: list[Any] = [MaxLengthValidator(int(question.most or longest))]
    return [MinLengthValidator(int(question.least)), *limits] if question.least else limits


def _short_text(question: Question, on: dt.date) -> forms.Field:
    return forms.CharField(**_common(question), validators=_lengths(question, 200))


def _long_text(question: Question, on: dt.date) -> forms.Field:
    return forms.CharField(**_common(question), widget=forms.Textarea, validators=_lengths(question, LONGEST_TEXT))


class _Checked(forms.CharField):
    """A text that is put into one form by `read`, which returns "" for what cannot be read."""

    def __init__(self, *, read: Callable[[str], str], wrong: Any, **options: Any) -> None:
        super().__init__(max_length=100, **options)
        self.read, self.wrong = read, wrong

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        read = self.read(typed)
        if not read:
            raise ValidationError(self.wrong)
        return read


def _checked(read: Callable[[str], str], wrong: Any) -> Callable[[Question, dt.date], forms.Field]:
    return lambda question, on: _Checked(read=read, wrong=wrong, **_common(question))


def _matching(pattern: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        squeezed = re.sub(r"[\s.-]", "", typed).upper()
        return squeezed if re.fullmatch(pattern, squeezed) else ""

    return read


# Prefixes that HMRC never gives out: https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
_NI_NUMBER = r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
# Plates of today, of 1983 and 1963, without a date, and of Northern Ireland.
_PLATE = r"[A-Z]{2}\d{2}[A-Z]{3}|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-Z]|[A-Z]{1,3}\d{1,4}|\d{1,4}[A-Z]{1,3}"


# --- Numbers and days -------------------------------------------------------------------------------------------------


class _NumberField(forms.DecimalField):
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", "").replace("£", "").strip() if isinstance(value, str) else value)


def _number(question: Question, on: dt.date, *, places: int = 0) -> forms.Field:
    least, most = number_bounds(question)
    return _NumberField(**_common(question), decimal_places=places, min_value=least, max_value=most, step_size=None)


def _money(question: Question, on: dt.date) -> forms.Field:
    return _number(question, on, places=2)


def number_bounds(question: Question) -> tuple[Decimal, Decimal]:
    least = question.least if question.least is not None else -LARGEST_NUMBER
    if question.kind == "money":
        least = max(least, Decimal(0))
    return least, LARGEST_NUMBER if question.most is None else question.most


class _DayField(DateField):
    def __init__(self, *, earliest: dt.date | None, latest: dt.date | None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise ValidationError(_t("The date must be %(day)s or later") % {"day": day(self.earliest)})
        if value and self.latest and value > self.latest:
            raise ValidationError(_t("The date must be %(day)s or earlier") % {"day": day(self.latest)})


def _date(question: Question, on: dt.date) -> forms.Field:
    earliest, latest = date_bounds(question, on)
    return _DayField(
        **_common(question),
        earliest=earliest,
        latest=latest,
    )


def date_bounds(question: Question, on: dt.date) -> tuple[dt.date, dt.date]:
    return (
        day_of(question.earliest, on) if question.earliest else EARLIEST,
        day_of(question.latest, on) if question.latest else LATEST,
    )


# --- Choices ----------------------------------------------------------------------------------------------------------


def _choices(question: Question) -> list[tuple[str, Any]]:
    options = kind_of(question).options(question)
    return [(option.value, ChoiceLabel(option.label, hint=option.hint)) for option in options]


def _radios(question: Question, on: dt.date) -> forms.Field:
    return forms.ChoiceField(**_common(question), choices=_choices(question), widget=forms.RadioSelect)


def _select(question: Question, on: dt.date) -> forms.Field:
    return forms.ChoiceField(**_common(question), choices=[("", ""), *_choices(question)])


def _checkboxes(question: Question, on: dt.date) -> forms.Field:
    return forms.MultipleChoiceField(
        **_common(question), choices=_choices(question), widget=forms.CheckboxSelectMultiple
    )


def _declaration(question: Question, on: dt.date) -> forms.Field:
    """One box to tick: its label is what one declares."""
    return forms.MultipleChoiceField(
        label="", required=question.required, choices=[("yes", question.label)], widget=forms.CheckboxSelectMultiple
    )


YES_NO = (Option("yes", _("Yes")), Option("no", _("No")))  # type: ignore[arg-type]

for _kind in (
    Kind("short_text", _("Short text"), Family.TEXT, _short_text, "Green door"),
    Kind("long_text", _("Long text"), Family.TEXT, _long_text, "It happened on Monday."),
    Kind("name", _("Name of a person"), Family.TEXT, _short_text, "Asha Okafor"),
    Kind("organisation", _("Name of an organisation"), Family.TEXT, _short_text, "Finchley Bakery"),
    Kind("email", _("Email address"), Family.TEXT, lambda q, on: forms.EmailField(**_common(q)), "asha@example.org"),
    Kind(
        "phone",
        _("Telephone number"),
        Family.TEXT,
        _checked(normalised_phone, _("Enter a telephone number, like 020 7946 0100 or +44 7700 900123")),
        "07700 900123",
    ),
    Kind(
        "postcode",
        _("Postcode"),
        Family.TEXT,
        _checked(lambda typed: parse_postcode(typed) or "", _("Enter a whole postcode, like EN5 4AA")),
        "EN5 4AA",
    ),
    Kind(
        "ni_number",
        _("National Insurance number"),
        Family.TEXT,
        _checked(_matching(_NI_NUMBER), _("Enter a National Insurance number, like QQ 12 34 56 C")),
        "AB123456C",
    ),
    Kind(
        "vehicle",
        _("Vehicle registration"),
        Family.TEXT,
        _checked(_matching(_PLATE), _("Enter a registration number, like AB12 CDE")),
        "AB12 CDE",
    ),
    Kind("number", _("Number"), Family.NUMBER, _number, "3"),
    Kind("money", _("Amount of money"), Family.NUMBER, _money, "12.50"),
    Kind("date", _("Date"), Family.DATE, _date, "2026-03-27"),
    Kind("yes_no", _("Yes or no"), Family.CHOICE, _radios, "", YES_NO),
    Kind("radios", _("One of a few"), Family.CHOICE, _radios, ""),
    Kind("select", _("One of many"), Family.CHOICE, _select, ""),
    Kind("checkboxes", _("Several of a list"), Family.TICKED, _checkboxes, ""),
    Kind("declaration", _("Declaration"), Family.TICKED, _declaration, "", (Option("yes", _("Yes")),)),  # type: ignore[arg-type]
):
    register(_kind)
