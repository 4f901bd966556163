import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnet.gazetteer.postcodes import parse_partial_postcode, parse_postcode


@pytest.mark.parametrize("typed", ["EN5 4AA", "en54aa", " en5  4aa ", "EN5-4AA", "EN5 4AA.", "e n 5 4 a a", "EN5\t4AA"])
def test_postcode_is_read_in_any_spacing_and_case(typed):
    assert parse_postcode(typed) == "EN5 4AA"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("EN5 OAA", "EN5 0AA"),
        ("ENI 4AA", "EN1 4AA"),
        ("NWI IAA", "NW1 1AA"),
        ("NI 1AA", "N1 1AA"),
        ("HA8 OPB", "HA8 0PB"),
        ("0L1 1AA", "OL1 1AA"),
        ("WIA 1AA", "W1A 1AA"),
    ],
)
def test_postcode_with_letters_for_digits_is_put_right(typed, meant):
    assert parse_postcode(typed) == meant


@pytest.mark.parametrize("typed", ["SO14 0AA", "OX1 1AA", "IG1 1AA", "EC1A 1BB", "N1 1AA", "WC2H 7LT"])
def test_postcode_that_is_right_is_left_alone(typed):
    assert parse_postcode(typed) == typed


@pytest.mark.parametrize(
    "typed", ["", "EN5", "EN5 4", "QX1 1AA", "EN5 4CI", "12 HIGH STREET", "EN05 4AA", "\0", "é", "A" * 9]
)
def test_postcode_that_cannot_be_one_is_none(typed):
    assert parse_postcode(typed) is None


@pytest.mark.parametrize(("typed", "key"), [("en5", "EN5"), ("EN5 4", "EN54"), ("N12", "N12"), ("ha8 0", "HA80")])
def test_partial_postcode_is_an_outcode_with_or_without_its_sector(typed, key):
    assert parse_partial_postcode(typed) == key


def test_partial_postcode_of_no_area_is_none():
    assert parse_partial_postcode("A41") is None
    assert parse_partial_postcode("12") is None


@given(st.text(max_size=60))
def test_postcode_reading_never_raises_and_repeats_itself(typed):
    read = parse_postcode(typed)
    assert read is None or parse_postcode(read) == read


@pytest.mark.parametrize("name", ["Ellen", "Nolan", "Molly", "Eilish", "Müller"])
def test_a_name_is_no_postcode_though_its_letters_look_like_digits(name):
    assert parse_postcode(name) is None
