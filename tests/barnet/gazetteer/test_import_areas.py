"""Areas from any file: exact geometry on the grid, one vintage at a time, nothing after a bad feature."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.contrib.gis.gdal import DataSource
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command
from django.db import connection

from barnet.gazetteer import registry
from barnet.gazetteer.models import BNG, Area
from barnet.gazetteer.selectors import areas_at, ward_at
from tests.barnet.gazetteer.real_data import OLD_WARDS, WARDS, needs_real_data
from tests.factories import AreaFactory, CaseFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
SQUARE = [[524_000, 196_000], [525_000, 196_000], [525_000, 197_000], [524_000, 197_000], [524_000, 196_000]]
GRID = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}


def feature(code="E05000001", name="High Barnet", coordinates=None, kind="Polygon", **properties) -> dict:
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"WD25CD": code, "WD25NM": name} | properties, "geometry": geometry}


@pytest.fixture
def file(tmp_path):
    def write(*features, crs=GRID, name="wards.geojson") -> Path:
        collection = {"type": "FeatureCollection", "features": list(features)} | ({"crs": crs} if crs else {})
        path = tmp_path / name
        path.write_text(json.dumps(collection))
        return path

    return write


def run(path, **options) -> str:
    out = io.StringIO()
    call_command("import_areas", str(path), stdout=out, **({"kind": "ward"} | options))
    return out.getvalue()


def run_badly(path, **options) -> tuple[str, str]:
    err = io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("import_areas", str(path), stdout=io.StringIO(), stderr=err, **({"kind": "ward"} | options))
    return str(failure.value), err.getvalue()


@needs_real_data
def test_real_wards_are_imported_where_they_lie():
    assert "24 areas: 24 added" in run(WARDS)
    assert "24 unchanged" in run(WARDS)
    assert Area.objects.count() == 24
    for real in DataSource(str(WARDS))[0]:
        inside = Point(real.get("BNG_E"), real.get("BNG_N"), srid=BNG)  # what the statistics office says of it
        ward = ward_at(inside, TODAY)
        assert ward is not None
        assert (ward.code, ward.name) == (real.get("WD25CD"), real.get("WD25NM"))


@needs_real_data
def test_real_wards_of_before_are_another_vintage():
    run(WARDS)
    run(OLD_WARDS, valid_from=dt.date(2014, 5, 22))
    place = Point(525_851, 196_156, srid=BNG)
    assert ward_at(place, dt.date(2022, 5, 5)).name == "Barnet Vale"
    assert ward_at(place, dt.date(2022, 5, 4)).code.startswith("E050000")
    assert ward_at(place, dt.date(2014, 5, 21)) is None
    assert len(areas_at(place, TODAY)) == 1


def test_later_vintage_ends_the_earlier_one(file):
    run(file(feature()))
    assert "1 of an earlier vintage ended: High Barnet" in run(
        file(feature("E05000099", "New Ward")), valid_from=dt.date(2026, 5, 7)
    )
    inside = Point(524_500, 196_500, srid=BNG)
    assert ward_at(inside, dt.date(2026, 5, 6)).name == "High Barnet"
    assert ward_at(inside, dt.date(2026, 5, 7)).name == "New Ward"


def test_approximate_area_becomes_exact_in_place_and_keeps_what_refers_to_it(file):
    approximate = AreaFactory(code="E05000001", name="High Barnet", is_approximate=True)
    case = CaseFactory(ward=approximate)
    approximate.geometry = MultiPolygon(Polygon.from_bbox((0, 0, 1, 1)), srid=BNG)
    approximate.save()
    assert "1 updated" in run(file(feature()))
    case.refresh_from_db()
    area = Area.objects.get()
    assert case.ward == area
    assert not area.is_approximate
    assert area.geometry.area == pytest.approx(1_000_000)


def test_approximate_areas_that_the_file_lacks_are_removed_or_ended(file, monkeypatch):
    monkeypatch.setattr(registry, "_recomputes", {})  # which would find the case another ward
    AreaFactory(code="DEMO1", name="Unused", is_approximate=True)
    CaseFactory(ward=AreaFactory(code="DEMO2", name="Used", is_approximate=True), location=None, address=None)
    said = run(file(feature()))
    assert "1 approximate removed: Unused" in said
    assert "1 approximate ended, not removed: something still refers to them: Used" in said
    assert [area.name for area in areas_at(Point(524_500, 196_500, srid=BNG), TODAY)] == ["High Barnet"]


def test_who_derives_from_areas_is_told_and_the_operator_too(file, monkeypatch):
    monkeypatch.setattr(registry, "_recomputes", {})
    told = []
    registry.on_areas_changed("wards of cases", lambda: told.append(1) or 42)
    path = file(feature())
    assert "Worked out again: wards of cases, 42 changed" in run(path)
    run(path)
    assert told == [1]
    with pytest.raises(ValueError, match="already"):
        registry.on_areas_changed("wards of cases", lambda: 0)


def test_case_gets_its_ward_when_the_wards_come(file):
    case = CaseFactory(ward=None)
    run(file(feature()))
    case.refresh_from_db()
    assert case.ward.name == "High Barnet"


def test_degrees_and_other_fields_are_understood(file):
    degrees = [[-0.2, 51.65], [-0.19, 51.65], [-0.19, 51.66], [-0.2, 51.66], [-0.2, 51.65]]
    shape = {
        "type": "Feature",
        "properties": {"ref": "A", "label": "B"},
        "geometry": {"type": "Polygon", "coordinates": [degrees]},
    }
    path = file(shape, crs=None)
    assert "needs --name-field. Its fields are: ref, label" in run_badly(path)[0]
    run(path, name_field="label")
    x, y = Area.objects.get().geometry.centroid.coords
    assert 524_000 < x < 527_000
    assert 195_000 < y < 199_000


def test_dry_run_changes_nothing(file):
    assert "1 would be added" in run(file(feature()), dry_run=True)
    assert not Area.objects.exists()


def test_self_crossing_polygon_is_made_valid(file):
    bow_tie = [[524_000, 196_000], [525_000, 197_000], [525_000, 196_000], [524_000, 197_000], [524_000, 196_000]]
    run(file(feature(coordinates=[bow_tie])))
    area = Area.objects.get()
    assert area.geometry.valid
    assert area.geometry.geom_type == "MultiPolygon"
    assert area.geometry.area == pytest.approx(500_000)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (feature(code=""), "it has no code or no name"),
        (feature("E05000002", name=" "), "it has no code or no name"),
        (feature("X" * 31), "its code or name is too long"),
        (feature(), "another feature has the code E05000001 already"),
        (feature("E2", coordinates=[524_000, 196_000], kind="Point"), "it is no area, but a Point"),
        (feature("E2", coordinates=[]), "it has no geometry"),
        (feature("E2", coordinates=[[[0, 51], [1, 51], [1, 52], [0, 51]]]), "it is outside Great Britain"),
        ({"type": "Feature", "properties": {"WD25CD": "E2", "WD25NM": "N"}, "geometry": None}, "it has no geometry"),
    ],
)
def test_bad_feature_is_told_by_number_and_nothing_changes(file, bad, reason):
    why, err = run_badly(file(feature(), bad))
    assert f"feature 2: {reason}" in err
    assert "nothing was changed" in why
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"\0\1\2", "is not a file of areas"), (b"{}", "is not a file of areas")],
)
def test_file_of_another_kind_is_refused_with_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    assert sentence in run_badly(path)[0]


def test_file_without_features_missing_file_and_folder_are_refused(file, tmp_path):
    assert "has no features" in run_badly(file())[0]
    assert "does not exist" in run_badly(tmp_path / "none.geojson")[0]
    (tmp_path / "empty").mkdir()
    assert "is not a file of areas" in run_badly(tmp_path / "empty")[0]


def test_coordinate_system_that_does_not_exist_is_refused(file):
    assert "a coordinate system that does not exist" in run_badly(file(feature()), crs="EPSG:0")[0]


def test_unknown_kind_and_date_are_refused(file):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("import_areas", str(file(feature())), "--kind", "galaxy")
    with pytest.raises(CommandError, match="no date"):
        call_command("import_areas", str(file(feature())), "--kind", "ward", "--valid-from", "07/05/2026")


def test_point_on_a_border_lies_in_one_area_the_lowest_code(file):
    east = [[x + 1_000, y] for x, y in SQUARE]
    run(file(feature("E2", "West"), feature("E1", "East", [east])))
    border = Point(525_000, 196_500, srid=BNG)
    assert [area.name for area in areas_at(border, TODAY)] == ["East"]
    assert ward_at(Point(1, 1, srid=BNG), TODAY) is None
    assert ward_at(None, TODAY) is None


def test_areas_at_uses_the_spatial_index(file):
    run(file(feature()))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    inside = Area.objects.filter(geometry__intersects=Point(524_500, 196_500, srid=BNG))
    assert "gazetteer_area_geometry" in inside.explain()
