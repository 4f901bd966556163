"""Each kind of question takes good answers into one form, and says what is wrong with others."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from portal.smartforms import kinds
from portal.smartforms.definition.conditions import Moment
from portal.smartforms.definition.model import Option, Question

ON = dt.date(2026, 11, 25)
OPTIONS = (Option("a", "A"), Option("b", "B"))


def clean(kind, typed, **more):
    question = Question("q", kind, "What is it?", **more)
    return kinds.kind_of(question).field(question, kinds.Asking(ON)).clean(typed)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("short_text", "  Müller-Łukasz 你好 ", "Müller-Łukasz 你好"),
        ("long_text", "שלום\nعليكم", "שלום\nعليكم"),
        ("email", "asha@example.org", "asha@example.org"),
        ("phone", "020 7946 0100", "+442079460100"),
        ("phone", "+33 1 99 00 12 34", "+33199001234"),
        ("postcode", "en54aa", "EN5 4AA"),
        ("ni_number", "ab 12 34 56 c", "AB123456C"),
        ("vehicle", "ab12 cde", "AB12CDE"),
        ("vehicle", "A 1", "A1"),
        ("number", "1,234", Decimal(1234)),
        ("money", "£1,234.5", Decimal("1234.5")),
        ("date", "2026-03-27", dt.date(2026, 3, 27)),
        ("yes_no", "yes", "yes"),
        ("declaration", ["yes"], ["yes"]),
    ],
)
def test_good_answer_is_kept_in_one_form(kind, typed, kept):
    assert clean(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("short_text", "x" * 201),
        ("short_text", "null\x00byte"),
        ("long_text", "x" * 10_001),
        ("email", "asha"),
        ("phone", "12"),
        ("postcode", "EN5"),
        ("ni_number", "BG123456C"),
        ("ni_number", "AB123456E"),
        ("vehicle", "!!"),
        ("number", "1.5"),
        ("number", "many"),
        ("number", "9" * 30),
        ("money", "-1"),
        ("money", "1.234"),
        ("money", "NaN"),
        ("date", "2026-02-30"),
        ("date", "1066-10-14"),
        ("yes_no", "perhaps"),
        ("declaration", ["no"]),
        ("declaration", []),
    ],
)
def test_wrong_answer_is_refused_with_a_sentence(kind, typed):
    with pytest.raises(ValidationError) as refused:
        clean(kind, typed)
    assert all(str(message).strip() for message in refused.value.messages)


def test_bounds_are_kept():
    assert clean("number", "3", least=Decimal(3), most=Decimal(5)) == 3
    for wrong in ("2", "6"):
        with pytest.raises(ValidationError):
            clean("number", wrong, least=Decimal(3), most=Decimal(5))
    with pytest.raises(ValidationError, match="or earlier"):
        clean("date", "2026-11-26", latest=Moment())
    with pytest.raises(ValidationError, match="or later"):
        clean("date", "2008-11-24", earliest=Moment(shift=-18, unit="years"))
    assert clean("date", "2008-11-25", earliest=Moment(shift=-18, unit="years"))


def test_choices_are_those_of_the_question():
    assert clean("radios", "b", options=OPTIONS) == "b"
    assert clean("checkboxes", ["a", "b"], options=OPTIONS) == ["a", "b"]
    for kind, wrong in (("radios", "c"), ("select", "c"), ("checkboxes", ["a", "c"])):
        with pytest.raises(ValidationError):
            clean(kind, wrong, options=OPTIONS)


def test_optional_answer_may_stay_away():
    for name in kinds.names():
        empty = [] if name in {"checkboxes", "declaration"} else ""
        assert clean(name, empty, required=False, options=OPTIONS) in ("", [], None)


def test_a_kind_is_registered_once():
    with pytest.raises(ImproperlyConfigured):
        kinds.register(kinds.kind_named("number"))


@pytest.mark.parametrize("name", [name for name in kinds.names() if kinds.kind_named(name).example])
def test_example_of_each_kind_is_good(name):
    assert clean(name, kinds.kind_named(name).example)
