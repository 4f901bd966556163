"""Questions whose answer has parts: a person, a time from one day to another, a signature, a table of choices."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.kit.fields import ChoiceLabel, draw_field
from barnet.kit.wording import date_long
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.composed import ComposedField, Parts, ThingKind
from portal.smartforms.kinds.numbers import DayField, date_bounds
from portal.smartforms.kinds.registry import Asking, Family, common

LONGEST_NAME = 100
TITLE, BORN = "title", "date_of_birth"  # parts of a person that an author may add


def _words(label: Any, missing: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_NAME, error_messages={"required": missing}, **more)


class _AsksOf(ComposedField):
    def __init__(self, question: Question, asking: Asking) -> None:
        super().__init__(**common(question))
        self.question, self.asking = question, asking


# --- A person ---------------------------------------------------------------------------------------------------------


class _PersonField(_AsksOf):
    def parts(self) -> dict[str, forms.Field]:
        parts: dict[str, forms.Field] = {}
        if TITLE in self.question.parts:
            parts[TITLE] = forms.CharField(label=_("Title"), required=False, max_length=30)
        parts["first_name"] = _words(_("First name"), _("Enter the first name"))
        parts["last_name"] = _words(_("Last name"), _("Enter the last name"))
        if BORN in self.question.parts:
            earliest, latest = date_bounds(self.question, self.asking.on)
            latest = latest if self.question.latest else self.asking.on
            parts[BORN] = DayField(
                label=_("Date of birth"),
                help_text=_("For example, 27 3 1998"),
                subject=_("The date of birth"),
                earliest=earliest,
                latest=latest,
            )
        return parts

    def value_of(self, answers: Mapping[str, Any]) -> dict[str, str]:
        return _texts(answers)


@dataclass(frozen=True)
class _Person(ThingKind):
    def in_words(self, question: Question, value: Any) -> str:
        name = " ".join(value[part] for part in (TITLE, "first_name", "last_name") if value.get(part))
        if not value.get(BORN):
            return name
        return _t("%(name)s, born %(day)s") % {"name": name, "day": date_long(dt.date.fromisoformat(value[BORN]))}

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        """Of a name in one piece, too, as accounts keep it."""
        if isinstance(value, str):
            first, _space, last = value.strip().rpartition(" ")
            value = {"first_name": first, "last_name": last}
        return super().posted(name, value)

    def example_of(self, question: Question, on: dt.date) -> Any:
        example = {"first_name": "Asha", "last_name": "Okafor"}
        if TITLE in question.parts:
            example = {TITLE: "Dr", **example}
        if BORN in question.parts:
            earliest, latest = date_bounds(question, on)
            example[BORN] = min(max(dt.date(1980, 3, 27), earliest), latest).isoformat()
        return example


# --- From one day to another ------------------------------------------------------------------------------------------


class _RangeField(_AsksOf):
    def parts(self) -> dict[str, forms.Field]:
        earliest, latest = date_bounds(self.question, self.asking.on)
        example = {"earliest": earliest, "latest": latest}
        return {
            "from": DayField(label=_("From"), subject=_("The first day"), **example),
            "to": DayField(label=_("To"), subject=_("The last day"), **example),
        }

    def check_together(self, form: forms.Form) -> None:
        if form.cleaned_data["to"] < form.cleaned_data["from"]:
            form.add_error("to", _("The last day must not be before the first day"))

    def value_of(self, answers: Mapping[str, Any]) -> dict[str, str]:
        return _texts(answers)


@dataclass(frozen=True)
class _Range(ThingKind):
    def from_json(self, kept: Any) -> Any:
        found = super().from_json(kept)
        if found.keys() != {"from", "to"}:
            raise ValueError("Two days, from and to, are needed here.")
        for text in found.values():
            dt.date.fromisoformat(text)
        return found

    def in_words(self, question: Question, value: Any) -> str:
        first, last = (date_long(dt.date.fromisoformat(value[part])) for part in ("from", "to"))
        return first if first == last else _t("%(first)s to %(last)s") % {"first": first, "last": last}

    def example_of(self, question: Question, on: dt.date) -> Any:
        earliest, latest = date_bounds(question, on)
        first = min(max(on, earliest), latest)
        return {"from": first.isoformat(), "to": min(first + dt.timedelta(days=6), latest).isoformat()}


# --- A signature ------------------------------------------------------------------------------------------------------


class _SignatureField(_AsksOf):
    def parts(self) -> dict[str, forms.Field]:
        missing = _("Type your full name to sign")
        return {"name": _words(_("Type your full name to sign"), missing, validators=[_has_letters])}


def _has_letters(typed: str) -> None:
    if sum(sign.isalpha() for sign in typed) < 2:
        raise forms.ValidationError(_t("Type your full name to sign"))


@dataclass(frozen=True)
class _Signature(ThingKind):
    def in_words(self, question: Question, value: Any) -> str:
        return _t("Signed by %(name)s") % {"name": value.get("name", "")}


# --- A table of choices -----------------------------------------------------------------------------------------------


class _TableParts(Parts):
    def controls(self, inner: forms.Form) -> Iterator[SafeString]:
        for row in inner:
            yield draw_field(row, small=True, inline=len(row.field.choices) < 4)  # type: ignore[attr-defined]


class _TableField(_AsksOf):
    widget = _TableParts

    def parts(self) -> dict[str, forms.Field]:
        choices = [(option.value, ChoiceLabel(option.label, hint=option.hint)) for option in self.question.options]
        return {
            row.value: forms.ChoiceField(
                label=row.label,
                help_text=row.hint,
                required=self.required,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _t("Choose an answer for “%(row)s”") % {"row": row.label}},
            )
            for row in self.question.rows
        }


@dataclass(frozen=True)
class _Table(ThingKind):
    @property
    def has_options(self) -> bool:
        return True

    @property
    def has_rows(self) -> bool:
        return True

    def in_words(self, question: Question, value: Any) -> str:
        """In the order of the form: the database keeps the answer in an order of its own."""
        options = {option.value: option.label for option in question.options}
        told = {row.label: value[row.value] for row in question.rows if row.value in value}
        return "; ".join(f"{label}: {options.get(code, code)}" for label, code in told.items())

    def example_of(self, question: Question, on: dt.date) -> Any:
        return {row.value: question.options[0].value for row in question.rows}


def _texts(answers: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: answer.isoformat() if isinstance(answer, dt.date) else answer
        for name, answer in answers.items()
        if answer
    }


KINDS = (
    _Person("person", _("Person"), Family.THING, _PersonField, extra_parts=(TITLE, BORN), day_parts=(BORN,)),
    _Range("date_range", _("From one day to another"), Family.THING, _RangeField, day_parts=("from", "to")),
    _Signature("signature", _("Signature by typing the name"), Family.THING, _SignatureField, {"name": "Asha Okafor"}),
    _Table("table", _("Table of choices"), Family.THING, _TableField),
)
