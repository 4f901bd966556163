"""A date asked in three boxes: day, month, year. What was typed stays, and the error says which part is wrong."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr, [*calendar.month_abbr[:9], "Sept"])
    for number, name in enumerate(names)
    if name
}


class TypedDate(str):
    """What stood in the boxes, as `YYYY-MM-DD` where it can be read so: any DateField understands it."""

    day: str
    month: str
    year: str

    def __new__(cls, day: str, month: str, year: str) -> "TypedDate":
        number = str(_MONTHS.get(month.lower(), month))
        typed = super().__new__(cls, "-".join([year, number.zfill(2), day.zfill(2)]))
        typed.day, typed.month, typed.year = day, month, year
        return typed

    @property
    def missing(self) -> list[str]:
        return [part for part in PARTS if not getattr(self, part)]


class DateBoxes(forms.MultiWidget):
    """Three text boxes. Works with Django's own DateField too, which then only knows right and wrong."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: object) -> list[str]:
        if isinstance(value, TypedDate):
            return [value.day, value.month, value.year]
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                return ["", "", ""]
        if isinstance(value, dt.date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def value_from_datadict(  # type: ignore[override]
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> TypedDate | None:
        typed = [str(data.get(f"{name}_{part}") or "").strip() for part in PARTS]
        return TypedDate(*typed) if any(typed) else None


class DateField(forms.DateField):
    """`DateField(subject="Date of birth")`: "Date of birth must include a month". Its errors carry the wrong parts as
    code."""

    widget = DateBoxes

    def __init__(self, *, subject: str | Promise = "", **options: Any) -> None:
        super().__init__(**options)
        self.subject = subject or _("The date")

    def to_python(self, value: object) -> dt.date | None:
        if not isinstance(value, TypedDate):
            return super().to_python(value)  # type: ignore[arg-type]
        if value.missing:
            raise self._error(gettext("%(subject)s must include %(parts)s"), value.missing)
        if not (value.year.isdecimal() and len(value.year) == 4):
            raise self._error(gettext("The year must include 4 numbers"), ["year"])
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise self._error(gettext("%(subject)s must be a real date, such as 27 3 2026"), PARTS) from None

    def _error(self, message: str, parts: list[str] | tuple[str, ...]) -> ValidationError:
        names = {"day": gettext("a day"), "month": gettext("a month"), "year": gettext("a year")}
        listed = get_text_list([names[part] for part in parts], gettext("and"))
        return ValidationError(message % {"subject": self.subject, "parts": listed}, code="-".join(parts))
