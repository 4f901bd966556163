import pytest

from barnet.gazetteer.lines import compose, number_range, one_line, searchable, title
from barnet.gazetteer.models import Address


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"pao_start_number": 12, "street": "HIGH STREET"}, "12 High Street"),
        ({"pao_start_number": 162, "pao_start_suffix": "A", "street": "BURNT OAK LANE"}, "162A Burnt Oak Lane"),
        (
            {"pao_start_number": 12, "pao_start_suffix": "A", "pao_end_number": 14, "street": "HIGH STREET"},
            "12A-14 High Street",
        ),
        ({"sao_text": "FLAT 3", "pao_start_number": 12, "street": "HIGH STREET"}, "Flat 3, 12 High Street"),
        (
            {"sao_start_number": 5, "pao_text": "THE OLD MILL", "street": "TUDOR STREET"},
            "5 The Old Mill, Tudor Street",
        ),
        (
            {"sao_text": "FLAT B", "pao_text": "ELM COURT", "pao_start_number": 2, "street": "ST. JAMES'S CLOSE"},
            "Flat B, Elm Court, 2 St. James's Close",
        ),
        ({"sao_start_number": 1, "pao_start_number": 25, "street": "HIGH STREET"}, "1, 25 High Street"),
        (
            {"organisation": "O'NEIL & SONS LTD", "pao_start_number": 1, "street": "MCDONALD WAY"},
            "O'Neil & Sons Ltd, 1 McDonald Way",
        ),
        (
            {"organisation": "Town Hall", "pao_text": "TOWN HALL", "street": "THE BURROUGHS"},
            "Town Hall, The Burroughs",
        ),
        ({"pao_start_number": 3, "street": "WOOD LANE", "locality": "MONKEN HADLEY"}, "3 Wood Lane, Monken Hadley"),
        ({"pao_start_number": 3, "street": "WOOD LANE", "locality": ""}, "3 Wood Lane"),
    ],
)
def test_one_line_follows_the_parts(parts, line):
    assert one_line(Address(**parts, town="BARNET", postcode="EN5 4AA")) == f"{line}, Barnet, EN5 4AA"


def test_one_line_says_nothing_twice_and_leaves_out_what_is_missing():
    twice = Address(pao_start_number=3, street="WOOD LANE", locality="BARNET", town="BARNET", postcode="EN5 4AA")
    assert one_line(twice) == "3 Wood Lane, Barnet, EN5 4AA"
    assert one_line(Address(pao_text="FOURACRE", postcode="EN5 4AA")) == "Fouracre, EN5 4AA"


@pytest.mark.parametrize(
    ("upper", "written"),
    [
        ("O'NEIL HOUSE", "O'Neil House"),
        ("KNIGHT'S OF THE HILL", "Knight's of the Hill"),
        ("JOHN PAUL II AVENUE", "John Paul II Avenue"),
        ("1ST FLOOR", "1st Floor"),
        ("NHS TRUST", "NHS Trust"),
        ("STRATFORD-UPON-AVON", "Stratford-upon-Avon"),
        ("THE OLD MILL", "The Old Mill"),
        ("FLAT 12A", "Flat 12A"),
        ("deVere House", "deVere House"),
        ("", ""),
    ],
)
def test_title_writes_names_as_people_do(upper, written):
    assert title(upper) == written


def test_number_range_is_closed_only_where_it_ends():
    assert number_range(None, "", None, "") == ""
    assert number_range(12, "", None, "") == "12"
    assert number_range(12, "A", 14, "b") == "12A-14B"


def test_compose_fills_what_is_derived_and_searches_without_signs():
    address = compose(Address(pao_start_number=1, street="ST. JAMES'S CLOSE", town="LONDON", postcode="N2 0AB"))
    assert address.search_text == "1 ST JAMESS CLOSE LONDON N2 0AB"
    assert address.postcode_key == "N20AB"
    assert searchable("a, b’c") == "A BC"


def test_one_line_is_never_too_long_for_its_column_and_keeps_the_postcode():
    long = dict.fromkeys(("sao_text", "pao_text"), "W" * 90) | {"organisation": "V" * 100, "street": "U" * 60}
    line = one_line(Address(**long, postcode="EN5 4AA"))
    assert len(line) <= 300
    assert line.endswith("EN5 4AA")
