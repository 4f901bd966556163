"""Where a point lay on a day, where many did, and what a postcode alone can say."""

import datetime as dt

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import BNG, Area, Postcode
from barnet.gazetteer.selectors import areas_at, areas_at_points, postcode_areas
from tests.barnet.gazetteer.real_data import OLD_WARDS, POSTCODES, WARDS, needs_real_data
from tests.barnet.gazetteer.test_import_areas import run as run_areas
from tests.barnet.gazetteer.test_import_areas import run_badly as run_areas_badly
from tests.barnet.gazetteer.test_import_postcodes import run as run_postcodes
from tests.factories import AddressFactory, AreaFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
EVE, DAY = dt.date(2022, 5, 4), dt.date(2022, 5, 5)


def box(west: int, south: int, east: int, north: int) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=BNG)


def at(east: float, north: float) -> Point:
    return Point(east, north, srid=BNG)


@needs_real_data
def test_both_vintages_of_the_real_wards_answer_by_date_for_every_postcode_of_the_borough():
    run_areas(OLD_WARDS, valid_from=dt.date(2014, 5, 22), valid_to=DAY)
    run_areas(WARDS)
    run_postcodes(POSTCODES / "en.csv")
    ours = Postcode.objects.filter(district_code="E09000003", quality="exact")
    points = [postcode.location for postcode in ours]
    before = areas_at_points(points, EVE, AreaKind.WARD)
    after = areas_at_points(points, DAY, AreaKind.WARD)
    assert {ward.code[:6] for wards in before for ward in wards} == {"E05000"}
    assert {ward.code[:6] for wards in after for ward in wards} == {"E05013"}
    agree = [[ward.code for ward in wards] == [postcode.ward_code] for wards, postcode in zip(after, ours, strict=True)]
    assert sum(agree) / len(agree) > 0.98  # the outlines are generalised to 20 metres
    assert {len(wards) for wards in before} <= {0, 1}
    assert Area.objects.valid(EVE).count() == 21
    assert Area.objects.valid(DAY).count() == 24


def test_many_points_are_answered_as_each_alone_and_in_order():
    AreaFactory(name="West", code="W", geometry=box(0, 0, 1000, 1000))
    AreaFactory(name="East", code="E", geometry=box(1000, 0, 2000, 1000))
    AreaFactory(kind=AreaKind.PARKING_ZONE, code="Z", geometry=box(500, 0, 1500, 1000))
    points = [at(1500, 1), at(5, 5), at(1000, 500), at(5000, 5000), at(600, 5)]
    together = areas_at_points(points, TODAY)
    assert together == [areas_at(point, TODAY) for point in points]
    assert [[area.code for area in areas] for areas in together] == [["Z", "E"], ["W"], ["Z", "E"], [], ["Z", "W"]]
    assert areas_at_points([], TODAY) == []


def test_many_points_cost_two_queries(django_assert_num_queries):
    AreaFactory()
    for number in (1, 300):
        with django_assert_num_queries(2):
            areas_at_points([at(524_500, 196_500)] * number, TODAY)


def test_kind_that_overlaps_answers_with_all_and_another_with_one():
    for code in ("B", "A"):
        AreaFactory(kind=AreaKind.SCHOOL_CATCHMENT, code=code)
        AreaFactory(kind=AreaKind.CONSERVATION_AREA, code=code)
    found = areas_at(at(524_500, 196_500), TODAY)
    assert [(area.kind, area.code) for area in found] == [
        ("conservation_area", "A"),
        ("school_catchment", "A"),
        ("school_catchment", "B"),
    ]


@needs_real_data
def test_end_that_is_given_counts_and_one_before_the_beginning_is_refused():
    run_areas(WARDS, kind="parking_zone", valid_from=DAY, valid_to=dt.date(2023, 1, 1))
    zone = Area.objects.filter(kind="parking_zone").first()
    inside = zone.geometry.point_on_surface
    assert areas_at(inside, dt.date(2022, 12, 31), "parking_zone") == [zone]
    assert areas_at(inside, dt.date(2023, 1, 1), "parking_zone") == []
    why, _err = run_areas_badly(WARDS, valid_from=DAY, valid_to=DAY)
    assert "an end that is not after its beginning" in why


@pytest.fixture
def halves():
    west = AreaFactory(name="West", code="W", geometry=box(524_000, 196_000, 525_000, 197_000))
    east = AreaFactory(name="East", code="E", geometry=box(525_000, 196_000, 526_000, 197_000))
    return west, east


def test_postcode_whose_addresses_agree_is_certain(halves):
    west, _east = halves
    AddressFactory(location=at(524_990, 196_500))
    AddressFactory(location=at(524_995, 196_500))
    found = postcode_areas("en54aa", TODAY)
    assert (found.areas, found.ask, found.is_certain) == ([west], [], True)


def test_postcode_that_a_boundary_runs_through_asks_for_the_address(halves):
    AddressFactory(location=at(524_990, 196_500))
    AddressFactory(location=at(525_010, 196_500))
    zone = AreaFactory(kind=AreaKind.PARKING_ZONE, geometry=box(524_000, 196_000, 526_000, 197_000))
    found = postcode_areas("EN5 4AA", TODAY)
    assert (found.areas, found.ask, found.is_certain) == ([zone], [AreaKind.WARD], False)
    assert postcode_areas("EN5 4AA", TODAY, AreaKind.PARKING_ZONE).is_certain


def test_address_in_no_area_of_the_kind_counts_as_another_answer(halves):
    AddressFactory(location=at(524_990, 196_500))
    AddressFactory(location=at(524_990, 199_500))
    assert postcode_areas("EN5 4AA", TODAY).ask == [AreaKind.WARD]


@pytest.mark.parametrize(
    ("east", "quality", "certain"), [(524_500, "exact", True), (524_900, "exact", False), (524_500, "rough", False)]
)
def test_postcode_without_addresses_is_certain_only_far_from_a_boundary(halves, east, quality, certain):
    Postcode.objects.create(key="EN54AB", postcode="EN5 4AB", quality=quality, location=at(east, 196_500))
    found = postcode_areas("EN5 4AB", TODAY)
    assert found.is_certain is certain
    assert found.areas == ([halves[0]] if certain else [])


@pytest.mark.parametrize("text", ["EN5 4ZZ", "nonsense", "", "\0", "x" * 5000])
def test_postcode_that_nobody_knows_is_said_to_be_unknown(text):
    assert not postcode_areas(text, TODAY).is_known
    assert not postcode_areas(text, TODAY).is_certain
