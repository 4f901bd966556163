"""Finding addresses as people type them."""

import pytest
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramWordDistance
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnet.gazetteer.lines import compose
from barnet.gazetteer.models import Address, PlaceName
from barnet.gazetteer.queries import read_query
from barnet.gazetteer.selectors import address_by_uprn, addresses_at_postcode, find_addresses, neighbours
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db


def make(street="HIGH STREET", town="BARNET", postcode="EN5 4AA", **parts) -> Address:
    address = compose(
        AddressFactory.build(
            **({"pao_start_number": None, "street": street, "town": town, "postcode": postcode} | parts)
        )
    )
    address.save()
    return address


@pytest.fixture
def borough():
    for number in (1, 2, 10, 12, 120):
        make(pao_start_number=number)
    make(pao_start_number=10, pao_start_suffix="A")
    make(pao_start_number=14, pao_end_number=18)
    for flat in ("FLAT 1", "FLAT 2", "FLAT 3", "FLAT 10"):
        make(sao_text=flat, pao_start_number=12)
    for number in (1, 12):
        make("HIGH STREET", "EDGWARE", "HA8 7AA", pao_start_number=number)
        make("ST JAMES'S CLOSE", "LONDON", "N2 0AB", pao_start_number=number)
        make("BALLARDS LANE", "LONDON", "N3 1XX", pao_start_number=number)
        make("OLD HIGH STREET", "LONDON", "N12 8AA", pao_start_number=number)
    make("CHURCH ROAD", "LONDON", "NW4 4BG", pao_text="HENDON HALL", organisation="MERIDIAN TRUST")
    for flat in (1, 2, 12):
        make("STATION ROAD", "BARNET", "EN5 1QA", sao_text=f"FLAT {flat}", pao_text="MERIDIAN COURT")


def lines(text, limit=20):
    return [address.one_line for address in find_addresses(text, limit=limit)]


@pytest.mark.parametrize("typed", ["EN5 4AA", "en54aa", " en5  4aa", "EN5 4AA please", "barnet EN5 4AA"])
def test_postcode_finds_its_addresses_in_natural_order(borough, typed):
    assert lines(typed)[:5] == [
        "1 High Street, Barnet, EN5 4AA",
        "2 High Street, Barnet, EN5 4AA",
        "10 High Street, Barnet, EN5 4AA",
        "10A High Street, Barnet, EN5 4AA",
        "12 High Street, Barnet, EN5 4AA",
    ]
    assert lines(typed)[5:9] == [f"Flat {flat}, 12 High Street, Barnet, EN5 4AA" for flat in (1, 2, 3, 10)]


def test_part_of_a_postcode_finds_its_sector(borough):
    assert len(lines("EN5 4")) == len(lines("en54")) == 11
    assert {line[-7:-3].strip() for line in lines("en5")} == {"EN5"}
    assert lines("12 high street ha8") == ["12 High Street, Edgware, HA8 7AA"]


def test_house_number_with_a_postcode_finds_the_house(borough):
    assert lines("12 EN5 4AA")[0] == "12 High Street, Barnet, EN5 4AA"
    assert lines("flat 10, 12 EN5 4AA")[0] == "Flat 10, 12 High Street, Barnet, EN5 4AA"


@pytest.mark.parametrize(
    "typed",
    [
        "12 high street barnet",
        "12 HIGH ST, BARNET",
        "12, high st. barnet",
        "12 hihg stret barnet",
        "12 High Street, Barnet, EN5 4AA",
    ],
)
def test_number_and_street_find_the_house_first(borough, typed):
    assert lines(typed)[0] == "12 High Street, Barnet, EN5 4AA"


def test_exact_number_comes_before_its_flats_suffixes_and_longer_numbers(borough):
    found = lines("10 high street barnet")
    assert found[:2] == ["10 High Street, Barnet, EN5 4AA", "10A High Street, Barnet, EN5 4AA"]
    assert lines("10a high street barnet")[0] == "10A High Street, Barnet, EN5 4AA"
    assert lines("16 high street barnet") == ["14-18 High Street, Barnet, EN5 4AA"]
    assert lines("1 high street barnet")[0] == "1 High Street, Barnet, EN5 4AA"


@pytest.mark.parametrize(
    "typed", ["flat 3 12 high st barnet", "3/12 high street barnet", "Flat 3, 12 High Street", "apt 3 12 high st"]
)
def test_flat_in_a_house_is_found(borough, typed):
    assert "Flat 3, 12 High Street, Barnet, EN5 4AA" in lines(typed)[:2]


def test_street_in_two_towns_is_told_apart(borough):
    assert all("Edgware" in line for line in lines("high street edgware"))
    assert {"Barnet", "Edgware"} <= {line.split(", ")[-2] for line in lines("12 high street")}


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("balards lane", "Ballards Lane"),
        ("balards ln", "Ballards Lane"),
        ("ballrads lane london", "Ballards Lane"),
        ("st jamess close", "St James's Close"),
        ("saint james's cl", "St James's Close"),
        ("12 st james close", "St James's Close"),
    ],
)
def test_street_is_found_with_abbreviations_and_typing_errors(borough, typed, street):
    assert street in lines(typed)[0]


@pytest.mark.parametrize("typed", ["meridian court", "meridan court", "Meridian Ct", "meridian court, station road"])
def test_building_is_found_by_its_name(borough, typed):
    assert [line.split(",")[0] for line in lines(typed)] == ["Flat 1", "Flat 2", "Flat 12"]


def test_building_and_organisation_are_found(borough):
    assert lines("12 meridian court")[0].startswith("Flat 12, Meridian Court")
    assert lines("hendon hall")[0].startswith("Meridian Trust, Hendon Hall")
    assert lines("meridian trust")[0].startswith("Meridian Trust")


def test_uprn_finds_its_address(borough):
    address = Address.objects.first()
    assert find_addresses(str(address.pk)) == [address]


def test_retired_and_non_postal_addresses_are_not_offered(borough):
    Address.objects.filter(town="EDGWARE", pao_start_number=1).update(retired_on="2026-01-01")
    Address.objects.filter(town="EDGWARE", pao_start_number=12).update(is_postal=False)
    assert lines("HA8 7AA") == lines("high street edgware") == []


def test_limit_is_kept(borough):
    assert len(lines("EN5 4AA", limit=3)) == len(lines("high street", limit=3)) == 3


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "%", "___", "%%%%", "'; DROP TABLE x --", "12", "flat 3", "(", "\\", "a" * 10_000, "12 " * 4_000,
     "🏠🏠🏠", "²", "ß", "EN5 4AA" * 900, "9" * 5_000, "12 / - .", "flat flat flat", "x road " * 300, "\ud7ff"],
)  # fmt: skip
def test_hostile_text_is_harmless(borough, text):
    assert isinstance(find_addresses(text), list)
    assert address_by_uprn(text) is None


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_harmless(borough, text):
    assert len(find_addresses(text, limit=5)) <= 5


def test_search_costs_few_queries(borough, django_assert_max_num_queries):
    for text in ("EN5 4AA", "12 high street", "12 hihg stret", "nothing of the kind", "flat 3 meridan court"):
        with django_assert_max_num_queries(4):
            find_addresses(text)


def test_names_follow_every_change_of_addresses():
    address = make("FIRST LANE", pao_text="ALPHA HOUSE")
    address.street, address.organisation = "SECOND LANE", "Beta Ltd"
    address.save()
    names = set(PlaceName.objects.values_list("kind", "name"))
    assert {
        ("street", "FIRST LANE"),
        ("street", "SECOND LANE"),
        ("building", "ALPHA HOUSE"),
        ("building", "BETA LTD"),
    } == names
    assert not find_addresses("first lane") or find_addresses("first lane")[0].street == "SECOND LANE"


def explain(queryset) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a test has too few rows for the planner to bother
        cursor.execute("SET LOCAL enable_sort = off")
    return queryset.explain()


def test_search_uses_its_indexes(borough):

    nearest = PlaceName.objects.annotate(difference=TrigramWordDistance("HIHG", "search_text")).order_by("difference")[
        :5
    ]
    assert "place_name_search" in explain(nearest)
    assert "address_postcode" in explain(Address.objects.filter(postcode_key="EN54AA"))
    assert "address_postcode" in explain(Address.objects.filter(postcode_key__startswith="EN54"))
    assert "address_search" in explain(Address.objects.filter(search_text__contains="MERIDIAN"))
    assert "address_street" in explain(Address.objects.filter(street="HIGH STREET", town="BARNET"))


def test_addresses_at_postcode_is_empty_for_no_postcode(borough):
    assert addresses_at_postcode("en5 4aa").count() == 11
    assert not addresses_at_postcode("nonsense").exists()


def test_neighbours_are_the_nearest_first():
    near, far = AddressFactory(), AddressFactory(location=Point(524_540, 196_500, srid=27700))
    assert list(neighbours(near.location, 50)) == [near, far]
    assert list(neighbours(near.location, 10)) == [near]


def test_query_is_taken_apart():
    wanted = read_query("Flat 3a, 12b High St, EN5 4AA")
    assert (wanted.unit, wanted.number, wanted.suffix, wanted.words, wanted.postcode) == (
        "3A", 12, "B", ("HIGH", "STREET"), "EN5 4AA")  # fmt: skip
    assert read_query("st james ave").words == ("ST", "JAMES", "AVENUE")
    assert read_query("12 a41 road").partial_postcode == ""
