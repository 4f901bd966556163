"""Conditions over earlier answers, as an author reads them: "problem is one of pothole, kerb", and, or, not.

An answer that was not given, or whose question is hidden, is absent. A test of an absent answer is not true, whatever
it asks; so `Not(Test("age", AT_LEAST, …))` holds for somebody who was not asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from django.utils.translation import gettext_lazy as _


class Op(StrEnum):
    GIVEN = "given"
    ONE_OF = "one_of"
    INCLUDES = "includes"  # at least one of the values is ticked
    EQUALS = "equals"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    BEFORE = "before"
    ON_OR_BEFORE = "on_or_before"
    AFTER = "after"
    ON_OR_AFTER = "on_or_after"


CHOICE_OPS = frozenset({Op.ONE_OF})
TICKED_OPS = frozenset({Op.INCLUDES})
NUMBER_OPS = frozenset({Op.EQUALS, Op.AT_LEAST, Op.MORE_THAN, Op.AT_MOST, Op.LESS_THAN})
DATE_OPS = frozenset({Op.BEFORE, Op.ON_OR_BEFORE, Op.AFTER, Op.ON_OR_AFTER})

IN_WORDS = {
    Op.GIVEN: _("is answered"),
    Op.ONE_OF: _("is"),
    Op.INCLUDES: _("includes"),
    Op.EQUALS: _("is exactly"),
    Op.AT_LEAST: _("is at least"),
    Op.MORE_THAN: _("is more than"),
    Op.AT_MOST: _("is at most"),
    Op.LESS_THAN: _("is less than"),
    Op.BEFORE: _("is before"),
    Op.ON_OR_BEFORE: _("is on or before"),
    Op.AFTER: _("is after"),
    Op.ON_OR_AFTER: _("is on or after"),
}

Unit = Literal["days", "weeks", "months", "years"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day: `on` if it is fixed (an ISO date), else `shift` units from the day on which the form is filled in."""

    on: str = ""
    shift: int = 0
    unit: Unit = "days"


@dataclass(frozen=True, slots=True)
class Test:
    """`about` is the key of a question, a calculation or a fact. `values` are codes, one number or one moment."""

    about: str
    op: Op
    values: tuple[str, ...] | tuple[Decimal] | tuple[Moment] = ()

    __test__ = False  # it is no test of pytest's


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Condition = Test | All | Any | Not


def tests_of(condition: Condition | None) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case All(parts) | Any(parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part):
            yield from tests_of(part)
