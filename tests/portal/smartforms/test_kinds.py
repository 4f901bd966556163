"""Each kind of question takes good answers into one form, and says what is wrong with others."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.datastructures import MultiValueDict

from portal.smartforms import kinds
from portal.smartforms.definition.conditions import Moment
from portal.smartforms.definition.model import Option, Question
from portal.smartforms.proving.examples import some_answer

ON = dt.date(2026, 11, 25)
pytestmark = pytest.mark.django_db  # addresses are looked up

NAMES = kinds.names()
OPTIONS = (Option("a", "A"), Option("b", "B"))
ROWS = (Option("cooking", "Cooking"), Option("washing", "Washing"))


def clean(kind, typed, **more):
    question = Question("q", kind, "What is it?", **more)
    return kinds.kind_of(question).field(question, kinds.Asking(ON)).clean(typed)


def asked(name, **more):
    """A question of the kind, with what an author must write for it."""
    kind = kinds.kind_named(name)
    needed = {
        "options": OPTIONS if kind.has_options else (),
        "rows": ROWS if kind.has_rows else (),
        "pattern": "AA 9999|99999999" if kind.has_pattern else "",
        "parts": kind.extra_parts,
    }
    return Question("q", name, "What is it?", **{**needed, **more})


def send(question, data, files=None):
    """As a browser sends it."""
    field = kinds.kind_of(question).field(question, kinds.Asking(ON))
    data, files = MultiValueDict(data), MultiValueDict(files or {})
    return field.clean(field.widget.value_from_datadict(data, files, "q"))


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


@pytest.mark.parametrize("name", NAMES)
def test_optional_answer_may_stay_away(name):
    assert send(asked(name, required=False), {}) in ("", [], None)


@pytest.mark.parametrize("name", NAMES)
def test_required_answer_may_not_stay_away(name):
    with pytest.raises(ValidationError):
        send(asked(name), {})


def test_a_kind_is_registered_once():
    with pytest.raises(ImproperlyConfigured):
        kinds.register(kinds.kind_named("number"))


@pytest.mark.parametrize("name", NAMES)
def test_example_comes_back_as_it_was_sent(name):
    question = asked(name)
    kind, value = kinds.kind_of(question), some_answer(question, ON)
    assert send(question, kind.posted("q", value), kind.posted_files("q", value)) == value
    assert kind.from_json(json.loads(json.dumps(kind.to_json(value)))) == value
    assert kind.in_words(question, value).strip()


def taken_or_refused(question, sent):
    try:
        return send(question, sent), []
    except ValidationError as refused:
        return None, refused.messages


HOSTILE = [
    "x" * 10_000,
    "null\x00byte",
    "9" * 400,
    "-1e400",
    "NaN",
    "\u202eעברית\u202c \u0639\u0631\u0628\u064a",
    "<script>alert(1)</script>",
    "{{ 7*7 }} %s %(x)s",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "forged",
]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_answers_are_taken_or_refused_with_a_sentence(name, typed):
    """In the place of each part of a good answer. What is taken can be kept, read again and told."""
    question = asked(name)
    kind = kinds.kind_of(question)
    good = kind.posted("q", some_answer(question, ON))
    for part in good:
        value, sentences = taken_or_refused(question, {**good, part: [typed]})
        if sentences:
            assert all(sentence.strip() for sentence in sentences)
            continue
        assert "\x00" not in json.dumps(kind.to_json(value))
        assert kind.from_json(json.loads(json.dumps(kind.to_json(value)))) == value
        assert isinstance(kind.in_words(question, value), str)


@pytest.mark.parametrize("name", sorted({"radios", "select", "checkboxes", "yes_no", "declaration", "table"}))
def test_forged_codes_are_refused(name):
    question = asked(name)
    kind = kinds.kind_of(question)
    for part in kind.posted("q", some_answer(question, ON)):
        with pytest.raises(ValidationError):
            send(question, {**kind.posted("q", some_answer(question, ON)), part: ["forged"]})


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("nhs_number", "999 124 5006", "9991245006"),
        ("pupil_number", "h801200001001", "H801200001001"),
        ("company_number", "1234567", "01234567"),
        ("company_number", "sc 123456", "SC123456"),
        ("charity_number", "1234567-1", "1234567-1"),
        ("pcn", "ag 1234 5678", "AG12345678"),
        ("reference", "ab1234", "AB 1234"),
        ("reference", "1234 5678", "12345678"),
    ],
)
def test_numbers_that_somebody_gave_out_are_kept_in_one_form(name, typed, kept):
    assert send(asked(name), {"q": [typed]}) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("nhs_number", "999 124 5007"),  # the last digit does not follow from the others
        ("nhs_number", "٩٩٩١٢٤٥٠٠٦"),
        ("pupil_number", "A801200001001"),
        ("company_number", "XX1"),
        ("charity_number", "12"),
        ("pcn", "1234567890"),
        ("reference", "ABC123"),
        ("reference", "AB 12345"),
        ("reference", "ЖЖ 1234"),
    ],
)
def test_wrong_numbers_are_refused_with_what_they_look_like(name, typed):
    with pytest.raises(ValidationError, match="like"):
        send(asked(name), {"q": [typed]})


def test_days_from_and_to_are_in_their_order_and_within_bounds():
    question = asked("date_range", earliest=Moment())
    kind = kinds.kind_of(question)
    same = {"from": "2026-11-25", "to": "2026-11-25"}
    assert send(question, kind.posted("q", same)) == same
    assert kind.in_words(question, same) == "25 November 2026"
    with pytest.raises(ValidationError, match="must not be before the first"):
        send(question, kind.posted("q", {"from": "2026-11-27", "to": "2026-11-26"}))
    with pytest.raises(ValidationError, match=r"The first day must be .* or later"):
        send(question, kind.posted("q", {"from": "2026-11-24", "to": "2026-11-26"}))
    with pytest.raises(ValidationError, match="The last day must include a year"):
        send(question, {**kind.posted("q", same), "q-to_year": [""]})


def test_a_person_has_the_parts_that_the_author_wants():
    bare = asked("person", parts=())
    assert send(bare, {"q-first_name": ["مريم"], "q-last_name": ["Ó Briain"]}) == {
        "first_name": "مريم",
        "last_name": "Ó Briain",
    }
    with pytest.raises(ValidationError, match="Enter the last name"):
        send(bare, {"q-first_name": ["Asha"]})
    full = asked("person")
    born = {"first_name": "Asha", "last_name": "Okafor", "date_of_birth": "1980-03-27"}
    assert send(full, kinds.kind_of(full).posted("q", born)) == born
    assert kinds.kind_of(full).in_words(full, born) == "Asha Okafor, born 27 March 1980"
    with pytest.raises(ValidationError, match=r"The date of birth must be .* or earlier"):
        send(full, kinds.kind_of(full).posted("q", {**born, "date_of_birth": "2026-11-26"}))


def test_the_name_of_an_account_fills_a_person():
    bare = asked("person", parts=())
    sent = kinds.kind_of(bare).posted("q", "Asha Maria Okafor")
    assert send(bare, sent) == {"first_name": "Asha Maria", "last_name": "Okafor"}


def test_every_row_of_a_required_table_is_answered():
    question = asked("table")
    with pytest.raises(ValidationError, match="Choose an answer for “Washing”"):
        send(question, {"q-cooking": ["a"]})
    some = asked("table", required=False)
    assert send(some, {"q-cooking": ["a"]}) == {"cooking": "a"}
    assert kinds.kind_of(some).in_words(some, {"cooking": "a"}) == "Cooking: A"


def test_a_table_is_told_in_the_order_of_its_rows():
    question = asked("table")
    ours = {row.value: "a" for row in question.rows}
    words = kinds.kind_of(question).in_words(question, dict(reversed(ours.items())))
    assert words == "; ".join(f"{row.label}: A" for row in question.rows)
    assert len(ours) > 1


def test_a_signature_is_a_name():
    with pytest.raises(ValidationError, match="full name"):
        send(asked("signature"), {"q-name": ["1."]})


@pytest.mark.parametrize("name", ["date_range", "signature", "table", "person"])
def test_what_a_kind_did_not_write_it_does_not_read(name):
    kind = kinds.kind_named(name)
    for kept in (None, [], "Asha", {"first_name": 1}):
        with pytest.raises(ValueError, match="needed here"):
            kind.from_json(kept)
