"""Questions that are answered with a text: free, or of a checked form that is kept in one way of writing."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _

from barnet.customers.reaching.phones import normalised_phone
from barnet.gazetteer.postcodes import parse_postcode
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.registry import Asking, Family, Kind, common

LONGEST_TEXT = 10_000


def _lengths(question: Question, longest: int) -> list[Any]:
    limits: list[Any] = [MaxLengthValidator(int(question.most or longest))]
    return [MinLengthValidator(int(question.least)), *limits] if question.least else limits


def _short_text(question: Question, asking: Asking) -> forms.Field:
    return forms.CharField(**common(question), validators=_lengths(question, 200))


def _long_text(question: Question, asking: Asking) -> forms.Field:
    return forms.CharField(**common(question), widget=forms.Textarea, validators=_lengths(question, LONGEST_TEXT))


class Checked(forms.CharField):
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


def checked(read: Callable[[str], str], wrong: Any) -> Callable[[Question, Asking], forms.Field]:
    return lambda question, asking: Checked(read=read, wrong=wrong, **common(question))


def squeezed(typed: str) -> str:
    return re.sub(r"[\s.-]", "", typed).upper()


def matching(pattern: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        signs = squeezed(typed)
        return signs if re.fullmatch(pattern, signs, re.ASCII) else ""

    return read


# Prefixes that HMRC never gives out: https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
_NI_NUMBER = r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
# Plates of today, of 1983 and 1963, without a date, and of Northern Ireland.
_PLATE = r"[A-Z]{2}\d{2}[A-Z]{3}|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-Z]|[A-Z]{1,3}\d{1,4}|\d{1,4}[A-Z]{1,3}"


KINDS = (
    Kind("short_text", _("Short text"), Family.TEXT, _short_text, "Green door", is_cut_to_length=True),
    Kind("long_text", _("Long text"), Family.TEXT, _long_text, "It happened on Monday.", is_cut_to_length=True),
    Kind("name", _("Name of a person"), Family.TEXT, _short_text, "Asha Okafor", is_cut_to_length=True),
    Kind(
        "organisation", _("Name of an organisation"), Family.TEXT, _short_text, "Finchley Bakery", is_cut_to_length=True
    ),
    Kind("email", _("Email address"), Family.TEXT, lambda q, asking: forms.EmailField(**common(q)), "asha@example.org"),
    Kind(
        "phone",
        _("Telephone number"),
        Family.TEXT,
        checked(normalised_phone, _("Enter a telephone number, like 020 7946 0100 or +44 7700 900123")),
        "+447700900123",
    ),
    Kind(
        "postcode",
        _("Postcode"),
        Family.TEXT,
        checked(lambda typed: parse_postcode(typed) or "", _("Enter a whole postcode, like EN5 1AA")),
        "EN5 1AA",
    ),
    Kind(
        "ni_number",
        _("National Insurance number"),
        Family.TEXT,
        checked(matching(_NI_NUMBER), _("Enter a National Insurance number, like QQ 12 34 56 C")),
        "AB123456C",
    ),
    Kind(
        "vehicle",
        _("Vehicle registration"),
        Family.TEXT,
        checked(matching(_PLATE), _("Enter a registration number, like AB12 CDE")),
        "AB12CDE",
    ),
)
