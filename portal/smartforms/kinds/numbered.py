"""Numbers that somebody gave out: each is checked by its own rules and kept in one way of writing."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.masks import masks_of, reads_as
from portal.smartforms.kinds.registry import Asking, Family, Kind, common
from portal.smartforms.kinds.texts import Checked, checked, matching, squeezed


def _nhs_number(typed: str) -> str:
    """Ten digits, the last of which follows from the others:
    https://www.datadictionary.nhs.uk/attributes/nhs_number.html"""
    digits = squeezed(typed)
    if not re.fullmatch(r"[0-9]{10}", digits):
        return ""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return digits if (11 - total % 11) % 11 == int(digits[9]) else ""


_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # without I, O and S


def _pupil_number(typed: str) -> str:
    """A letter that follows from the twelve signs behind it; a number for the time being ends with a letter."""
    number = squeezed(typed)
    if not re.fullmatch(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]", number):
        return ""
    values = [_UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in number[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return number if _UPN_LETTERS[total % 23] == number[0] else ""


def _company_number(typed: str) -> str:
    """Eight signs. People leave out zeros in front."""
    number = squeezed(typed)
    if re.fullmatch(r"[0-9]{5,8}", number):
        return number.zfill(8)
    return number if re.fullmatch(r"[A-Z]{2}[0-9]{6}|R[0-9]{7}|[A-Z]{2}[0-9]{5}R", number) else ""


def _charity_number(typed: str) -> str:
    """Of England and Wales, perhaps with the number of a linked charity; of Scotland; of Northern Ireland."""
    number = re.sub(r"\s", "", typed).upper()
    return number if re.fullmatch(r"[0-9]{6,7}(-[0-9]{1,3})?|SC[0-9]{6}|(NIC)?[0-9]{6}", number) else ""


# --- Numbers of our own, by the author's pattern ----------------------------------------------------------------------


def _reference(question: Question, asking: Asking) -> forms.Field:
    patterns = question.pattern.split("|")
    wrong = _t("“%(label)s” must look like %(patterns)s") % {
        "label": question.label,
        "patterns": _t(" or ").join(pattern.strip() for pattern in patterns),
    }
    return Checked(read=lambda typed: reads_as(question.pattern, typed), wrong=wrong, **common(question))


@dataclass(frozen=True)
class _Reference(Kind):
    @property
    def has_pattern(self) -> bool:
        return True

    def example_of(self, question: Question, on: dt.date) -> Any:
        first = masks_of(question.pattern)[0]
        return first.replace("9", "1").replace("A", "B").replace("X", "C")


def _kind(name: str, label: Any, read: Callable[[str], str], wrong: Any, example: str) -> Kind:
    return Kind(name, label, Family.TEXT, checked(read, wrong), example)


KINDS = (
    _kind(
        "nhs_number",
        _("NHS number"),
        _nhs_number,
        _("Enter an NHS number of 10 digits, like 999 124 5006. It stands on letters from the NHS"),
        "9991245006",
    ),
    _kind(
        "pupil_number",
        _("Unique pupil number (UPN)"),
        _pupil_number,
        _("Enter a unique pupil number: a letter and 12 digits, like H801200001001. The school can tell it"),
        "H801200001001",
    ),
    _kind(
        "company_number",
        _("Company number"),
        _company_number,
        _("Enter a company number of 8 digits or letters, like 01234567 or SC123456"),
        "01234567",
    ),
    _kind(
        "charity_number",
        _("Charity number"),
        _charity_number,
        _("Enter a charity number, like 1234567 or SC012345"),
        "1234567",
    ),
    _kind(
        "pcn",
        _("Penalty charge notice (PCN) number"),
        matching(r"[A-Z]{2}[0-9]{7}[0-9A-Z]"),
        _("Enter the number of the penalty charge notice: 2 letters and 8 digits, like AG12345678"),
        "AG12345678",
    ),
    _Reference("reference", _("Number of your own pattern"), Family.TEXT, _reference),
)
