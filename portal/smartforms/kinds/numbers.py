"""Questions that are answered with a number, an amount of money or a day."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.kit.dates import DateField
from barnet.kit.wording import day, money
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.registry import Asking, Family, Kind, common, day_of

LARGEST_NUMBER = Decimal(1_000_000_000)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)


class _NumberField(forms.DecimalField):
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", "").replace("£", "").strip() if isinstance(value, str) else value)


def _number(question: Question, asking: Asking, *, places: int = 0) -> forms.Field:
    least, most = number_bounds(question)
    return _NumberField(**common(question), decimal_places=places, min_value=least, max_value=most, step_size=None)


def _money(question: Question, asking: Asking) -> forms.Field:
    return _number(question, asking, places=2)


def number_bounds(question: Question) -> tuple[Decimal, Decimal]:
    least = question.least if question.least is not None else -LARGEST_NUMBER
    if question.kind == "money":
        least = max(least, Decimal(0))
    return least, LARGEST_NUMBER if question.most is None else question.most


class DayField(DateField):
    def __init__(self, *, earliest: dt.date | None, latest: dt.date | None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise ValidationError(
                _t("%(subject)s must be %(day)s or later") % {"subject": self.subject, "day": day(self.earliest)}
            )
        if value and self.latest and value > self.latest:
            raise ValidationError(
                _t("%(subject)s must be %(day)s or earlier") % {"subject": self.subject, "day": day(self.latest)}
            )


def _date(question: Question, asking: Asking) -> forms.Field:
    earliest, latest = date_bounds(question, asking.on)
    options = common(question)
    options["help_text"] = options["help_text"] or _example(asking.on, earliest, latest)
    return DayField(**options, earliest=earliest, latest=latest)


def _example(on: dt.date, earliest: dt.date, latest: dt.date) -> str:
    """How a day is written, with one that would be good: people copy what they see."""
    days = [dt.date(1998, 3, 27), dt.date(on.year, 3, 27), dt.date(on.year + 1, 3, 27)]
    if latest > on:
        days = days[1:]
    shown = next((one for one in days if earliest <= one <= latest), min(max(on, earliest), latest))
    return _t("For example, %(day)s") % {"day": f"{shown.day} {shown.month} {shown.year}"}


def date_bounds(question: Question, on: dt.date) -> tuple[dt.date, dt.date]:
    return (
        day_of(question.earliest, on) if question.earliest else EARLIEST,
        day_of(question.latest, on) if question.latest else LATEST,
    )


class _Money(Kind):
    def in_words(self, question: Question, value: Any) -> str:
        return money(int(value * 100))


KINDS = (
    Kind("number", _("Number"), Family.NUMBER, _number),
    _Money("money", _("Amount of money"), Family.NUMBER, _money),
    Kind("date", _("Date"), Family.DATE, _date),
)
