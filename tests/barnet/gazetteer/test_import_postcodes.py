"""Postcodes of the country: from both sources, again without effect, and bad lines by number and reason."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from barnet.gazetteer.councils import COUNCILS
from barnet.gazetteer.enums import PostcodeQuality
from barnet.gazetteer.models import Postcode
from tests.barnet.gazetteer.real_data import FIXTURES, POSTCODES, needs_real_data
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db
LINE = '"EN5 4AA",10,524500,196500,"E92000001","E19000003","E18000007","","E09000003","E05013644"'


def run(*files: object, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_postcodes", *map(str, files), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def run_badly(*files: object, **options: object) -> tuple[str, str]:
    err = io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("import_postcodes", *map(str, files), stdout=io.StringIO(), stderr=err, **options)
    return str(failure.value), err.getvalue()


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "en.csv"


@needs_real_data
def test_code_point_open_is_imported_and_again_changes_nothing():
    files = [POSTCODES / "en.csv", POSTCODES / "wd.csv"]
    out, _err = run(*files)
    assert "15,975 lines: 15,975 inserted, 0 updated, 0 unchanged, 0 of other areas left out, 0 bad" in out
    assert "0 inserted, 0 updated, 15,975 unchanged" in run(*files)[0]
    enfield = Postcode.objects.get(pk="EN11AA")
    assert (enfield.postcode, enfield.quality) == ("EN1 1AA", PostcodeQuality.EXACT)
    assert (enfield.location.x, enfield.location.y, enfield.location.srid) == (533_124, 196_542, 27700)
    assert COUNCILS[enfield.district_code] == "Enfield Council"
    assert Postcode.objects.filter(district_code="E09000003").count() == 1_426
    nowhere = Postcode.objects.filter(quality=PostcodeQuality.NONE)
    assert nowhere.count() == 59
    assert not nowhere.exclude(location=None).exists()


@needs_real_data
def test_every_district_of_the_real_files_has_a_name():
    run(POSTCODES / "en.csv", POSTCODES / "wd.csv")
    codes = set(Postcode.objects.exclude(district_code="").values_list("district_code", flat=True))
    assert codes <= set(COUNCILS)


@needs_real_data
@pytest.mark.parametrize("year", ["onspd_may2018", "onspd_aug2024", "onspd_nov2025"])
def test_onspd_of_each_year_is_imported_whatever_its_columns_are_called(year):
    out, _err = run(FIXTURES / year / "onspd_test.csv")
    assert "0 bad" in out
    ended = Postcode.objects.exclude(ended_on=None).first()
    assert ended.ended_on.day == 1
    assert Postcode.objects.exclude(district_code="").count() == Postcode.objects.count() > 0


@needs_real_data
def test_only_the_named_postcode_areas_are_kept():
    out, _err = run(FIXTURES / "onspd_aug2024" / "onspd_test.csv", only=["EN"])
    assert "0 inserted" in out
    assert "0 of other areas" not in out
    assert "There is no postcode area ZZ" in run_badly("x.csv", only=["ZZ"])[0]


def test_changed_postcode_is_updated_and_a_missing_one_stays(file):
    file.write_text(LINE + "\r\n" + LINE.replace("4AA", "4AB") + "\r\n")
    run(file)
    file.write_text(LINE.replace("E05013644", "E05013647"))
    assert "0 inserted, 1 updated, 0 unchanged" in run(file)[0]
    assert Postcode.objects.get(pk="EN54AA").ward_code == "E05013647"
    assert Postcode.objects.count() == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (LINE.replace("EN5 4AA", "EN5 4A"), "“EN5 4A” is no postcode"),
        (LINE.replace("524500", "east"), "the coordinates are not numbers"),
        (LINE.replace("524500", "9999999"), "9999999, 196500 is outside Great Britain"),
        (LINE.replace("E09000003", "Barnet"), "“Barnet” is no code of a district or ward"),
        (LINE + ",1", "11 columns instead of 10"),
        (LINE.replace("EN5 4AA", "EN5 4AB"), "EN5 4AB is on line 1 already"),
    ],
)
def test_bad_line_is_told_by_number_and_reason_and_nothing_changes(file, bad, reason):
    file.write_text("\r\n".join([LINE.replace("4AA", "4AB"), LINE, bad]))
    why, err = run_badly(file)
    assert f"{file}, line 3: {reason}" in err
    assert "nothing was changed" in why
    assert not Postcode.objects.exists()
    assert "2 inserted" in run(file, skip_bad=True)[0]


def test_dry_run_changes_nothing_and_a_file_of_another_kind_is_refused(file):
    file.write_text(LINE)
    assert "1 would be inserted" in run(file, dry_run=True)[0]
    assert not Postcode.objects.exists()
    file.write_text("1,2,3\r\n")
    assert "is neither Code-Point Open (10 columns) nor ONSPD" in run_badly(file)[0]
    file.write_text("pcds,doterm\r\n")
    assert "has no column osgrdind / gridind" in run_badly(file)[0]
    assert "does not exist" in run_badly(file.with_name("none.csv"))[0]


def postcode(key: str, district: str, **values: object) -> Postcode:
    written = f"{key[:-3]} {key[-3:]}"
    known = {"key": key, "postcode": written, "quality": "exact", "district_code": district}
    return Postcode.objects.create(**known | values)


def test_picker_names_the_right_council_outside_the_borough(client):
    postcode("EN61AA", "E07000098")
    page = client.get("/bins/", {"postcode": "en6 1aa"}).content.decode()
    assert "EN6 1AA is outside our borough. Hertsmere Borough Council is the council there." in page
    assert 'value="en6 1aa"' in page


def test_picker_says_when_a_postcode_of_ours_has_no_address_or_has_ended(client):
    postcode("EN54AB", "E09000003")
    postcode("EN54AD", "E09000003", ended_on=dt.date(2020, 1, 1))
    postcode("EN61AB", "S99999999")
    said = client.get("/addresses/", {"postcode": "EN5 4AB"}).content.decode()
    assert "EN5 4AB is in our borough, but we have no address there. Enter the address by hand." in said
    said = client.get("/addresses/", {"postcode": "EN5 4AD"}).content.decode()
    assert "Royal Mail no longer uses EN5 4AD." in said
    said = client.get("/addresses/", {"postcode": "EN6 1AB"}).content.decode()
    assert "We have no address at EN6 1AB. Check it." in said


def test_postcode_with_addresses_of_ours_lists_them_whosever_it_is(client):
    postcode("EN54AA", "E07000098")
    home = AddressFactory()
    assert home.one_line in client.get("/addresses/", {"postcode": "EN5 4AA"}).content.decode()
