"""AddressBase Plus: everything or nothing, again without effect, and bad lines by number and reason."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from barnet.gazetteer.addressbase import COLUMNS, CORE_COLUMNS
from barnet.gazetteer.models import Address
from tests.barnet.gazetteer.real_data import ADDRESSBASE, FIXTURES, needs_real_data

pytestmark = pytest.mark.django_db
BOM = b"\xef\xbb\xbf"

ROW = dict.fromkeys(COLUMNS, "") | {
    "UPRN": "200000001",
    "CHANGE_TYPE": "I",
    "STATE": "2",
    "CLASS": "RD",
    "X_COORDINATE": "524500.00",
    "Y_COORDINATE": "196500.00",
    "LOCAL_CUSTODIAN_CODE": "5090",
    "LAST_UPDATE_DATE": "2026-01-02",
    "PAO_START_NUMBER": "12",
    "USRN": "20400001",
    "STREET_DESCRIPTION": "HIGH STREET",
    "TOWN_NAME": "BARNET",
    "POSTCODE_LOCATOR": "EN5 4AA",
    "ADDRESSBASE_POSTAL": "D",
}


def row(uprn=200_000_001, change_type="I", **values: str) -> dict[str, str]:
    return ROW | {"UPRN": str(uprn), "CHANGE_TYPE": change_type} | values


def written(path: Path, *rows: dict[str, str], header: bool = False, start: bytes = b"") -> Path:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    if header:
        writer.writerow(COLUMNS)
    for values in rows:
        writer.writerow(values.values())
    path.write_bytes(start + text.getvalue().encode())
    return path


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "addresses.csv"


def run(*arguments: object, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_addresses", *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def run_badly(*arguments: object, **options: object) -> tuple[str, str]:
    err = io.StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("import_addresses", *map(str, arguments), stdout=io.StringIO(), stderr=err, **options)
    return str(failure.value), err.getvalue()


@needs_real_data
def test_sample_of_ordnance_survey_is_imported_and_again_changes_nothing():
    sample = ADDRESSBASE / "exeter-sample-data-20.csv"
    assert "20 inserted" in run(sample)[0]
    assert "0 inserted, 0 updated, 20 unchanged" in run(sample)[0]
    address = Address.objects.get(uprn=10023116951)
    assert address.one_line == "5 The Old Mill, Tudor Street, Exeter, EX4 3DW"
    assert (address.location.x, address.location.y, address.location.srid) == (291553.01, 92349.95, 27700)
    assert (address.parent_uprn, address.usrn, address.custodian_code) == (10023117168, 14200867, 1110)


@needs_real_data
def test_update_file_of_ordnance_survey_brings_addresses_up_to_date():
    update = ADDRESSBASE / "exeter-sample-data-20-Update.csv"
    run(ADDRESSBASE / "exeter-sample-data-20.csv")
    Address.objects.filter(uprn=100040239485).update(street="WRONG STREET")
    assert "0 inserted, 1 updated, 19 unchanged" in run(update)[0]
    assert Address.objects.get(uprn=100040239485).street == "WELL STREET"


@needs_real_data
def test_other_samples_of_addressbase_plus_and_addressbase_are_imported():
    out, _err = run(*sorted((FIXTURES / "addressbase_plus").glob("*.csv")))
    assert "9 inserted" in out
    Address.objects.all().delete()
    out, _err = run(*sorted((FIXTURES / "addressbase_standard").glob("*.csv")))
    assert "9 lines: 9 inserted" in out
    address = Address.objects.get(uprn=10000000007)
    assert address.one_line == "28 Richlands Avenue, Epsom, KT17 2JW"
    assert (address.location.x, address.location.y) == (522454, 164478)
    assert "9 unchanged" in run(*sorted((FIXTURES / "addressbase_standard").glob("*.csv")))[0]


def test_addressbase_core_is_told_from_addressbase_and_imported(file):
    values = dict.fromkeys(CORE_COLUMNS, "") | {
        "UPRN": "200000001",
        "PARENT_UPRN": "200000009",
        "EASTING": "524500.00",
        "NORTHING": "196500.00",
        "SUB_BUILDING": "FLAT 2",
        "BUILDING_NUMBER": "12",
        "STREET_NAME": "HIGH STREET",
        "TOWN_NAME": "BARNET",
        "POSTCODE": "EN5 4AA",
        "CHANGE_CODE": "I",
    }
    file.write_text(",".join(values.values()) + "\r\n")
    assert "1 inserted" in run(file)[0]
    address = Address.objects.get()
    assert address.one_line == "Flat 2, 12 High Street, Barnet, EN5 4AA"
    assert address.parent_uprn == 200000009
    file.write_text(",".join(CORE_COLUMNS) + "\r\n" + ",".join(values.values()) + "\r\n")
    assert "1 unchanged" in run(file)[0]


def test_insert_update_and_delete_follow_each_other(file):
    run(written(file, row(1), row(2), row(3)))
    out, _err = run(written(file, row(1, "U", PAO_START_NUMBER="13"), row(2, "D"), row(3, "U"), row(4, "U")))
    assert "4 lines: 1 inserted, 1 updated, 1 unchanged, 1 retired, 0 bad" in out
    assert Address.objects.get(uprn=1).one_line == "13 High Street, Barnet, EN5 4AA"
    assert Address.objects.get(uprn=2).retired_on is not None


def test_retired_address_comes_back_with_a_later_insert(file):
    run(written(file, row(1)))
    run(written(file, row(1, "D")))
    assert not Address.objects.current().exists()
    assert "2 unchanged, 0 retired" in run(written(file, row(1, "D"), row(9, "D")))[0]
    assert "1 updated" in run(written(file, row(1)))[0]
    assert Address.objects.current().count() == 1


def test_files_are_imported_in_order_in_one_transaction(file, tmp_path):
    later = written(tmp_path / "later.csv", row(1, "U", PAO_START_NUMBER="99"))
    run(written(file, row(1)), later)
    assert Address.objects.get().pao_start_number == 99
    broken = tmp_path / "broken.csv"
    broken.write_text("1,2,3\r\n")
    run_badly(written(file, row(1, "U", PAO_START_NUMBER="100")), broken)
    assert Address.objects.get().pao_start_number == 99


def test_dry_run_tells_the_truth_and_changes_nothing(file):
    run(written(file, row(1), row(2)))
    out, _err = run(written(file, row(1, "D"), row(2, "U", PAO_TEXT="X"), row(3)), dry_run=True)
    assert "1 would be inserted, 1 would be updated, 0 unchanged, 1 would be retired" in out
    assert "nothing was changed" in out
    assert set(Address.objects.current().values_list("uprn", "pao_text")) == {(1, ""), (2, "")}


BAD_LINES = [
    (row(5, "X"), "the change type is “X”; it is I, U or D"),
    (row("abc"), "the UPRN is “abc”"),
    (row("1e9"), "the UPRN is “1e9”"),
    (row("1234567890123"), "the UPRN is “1234567890123”"),
    (row("0"), "the UPRN is “0”"),
    (row(5, X_COORDINATE="east"), "the coordinates are not numbers"),
    (row(5, X_COORDINATE=""), "the coordinates are not numbers"),
    (row(5, X_COORDINATE="NaN"), "NaN, 196500.00 is outside Great Britain"),
    (row(5, X_COORDINATE="Infinity"), "Infinity, 196500.00 is outside Great Britain"),
    (row(5, X_COORDINATE="51.6", Y_COORDINATE="-0.2"), "51.6, -0.2 is outside Great Britain"),
    (row(5, Y_COORDINATE="1300001"), "524500.00, 1300001 is outside Great Britain"),
    (row(5, PAO_START_NUMBER="twelve"), "PAO_START_NUMBER is “twelve”, not a number"),
    (row(5, PAO_START_NUMBER="99999999999"), "PAO_START_NUMBER is “99999999999”, not a number"),
    (row(5, LAST_UPDATE_DATE="02/01/2026"), "LAST_UPDATE_DATE is “02/01/2026”, not a date"),
    (row(5, STREET_DESCRIPTION=""), "there is no street, name or organisation"),
    (row(5, PAO_TEXT="W" * 91), "pao_text is longer than 90 characters"),
    (dict(list(row(5).items())[:76]), "76 columns instead of 77"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_LINES)
def test_bad_line_is_told_by_number_and_reason_and_nothing_changes(file, bad, reason):
    why, err = run_badly(written(file, row(1), bad, row(2)))
    assert f"{file}, line 2: {reason}" in err
    assert "nothing was changed" in why
    assert not Address.objects.exists()


def test_every_bad_line_is_told(file):
    _why, err = run_badly(written(file, row(1), *(bad for bad, _reason in BAD_LINES)))
    assert all(f"line {number}: {reason}" in err for number, (_bad, reason) in enumerate(BAD_LINES, start=2))


def test_skip_bad_imports_the_rest_and_tells(file):
    out, err = run(written(file, row(1), row(2, "X"), row(3)), skip_bad=True)
    assert "2 inserted" in out
    assert "1 bad" in out
    assert "line 2" in err
    assert set(Address.objects.values_list("uprn", flat=True)) == {1, 3}


def test_duplicate_uprn_names_both_lines_and_the_first_counts(file):
    rows = written(file, row(1), row(2), row(1, PAO_START_NUMBER="99"), row(1, "D"))
    _why, err = run_badly(rows)
    assert "line 3: UPRN 1 is on line 1 already" in err
    assert "line 4: UPRN 1 is on line 1 already" in err
    run(rows, skip_bad=True)
    assert Address.objects.get(uprn=1).pao_start_number == 12


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'1,"\xff\xfe"\r\n', "byte 4 is not UTF-8"),
        (b'1,"open\r\n', "the quotation marks do not match"),
        (b"x" * 20_000 + b"\r\n", "the line is longer than 16384 bytes"),
    ],
)
def test_line_that_is_no_csv_is_told(file, line, reason):
    written(file, row(1))
    file.write_bytes(file.read_bytes() + line + b"\r\n" + b"1\r\n")
    _why, err = run_badly(file)
    assert f"line 2: {reason}" in err
    assert "line 4: 1 columns instead of 77" in err


def test_null_byte_far_into_a_file_is_told(file):
    written(file, *(row(n) for n in range(1, 60)))
    file.write_bytes(file.read_bytes() + b"1,\0\r\n")
    assert "line 60: the line has a null byte" in run_badly(file)[1]


@pytest.mark.parametrize(
    "options", [{"start": b"\xef\xbb\xbf"}, {"header": True}, {"start": b"\xef\xbb\xbf", "header": True}]
)
def test_byte_order_mark_and_header_are_accepted(file, options):
    assert "1 inserted" in run(written(file, row(1), **options))[0]


def test_header_in_another_order_is_followed(file):
    names = sorted(COLUMNS)
    file.write_text("\r\n".join([",".join(names), ",".join(row(1)[name] for name in names)]))
    assert "1 inserted" in run(file)[0]
    assert Address.objects.get().one_line == "12 High Street, Barnet, EN5 4AA"


def test_header_without_a_column_is_refused(file):
    file.write_text("UPRN,CHANGE_TYPE\r\n")
    assert "has a header without the column UDPRN, STATE" in run_badly(file)[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"PK\x03\x04zip", "is a compressed file. Unpack it first"),
        (b"\x1f\x8bgzip", "is a compressed file. Unpack it first"),
        ("1,2".encode("utf-16"), "is in UTF-16. Save it as UTF-8"),
        (b"\x7fELF\0\0", "is not a text file"),
    ],
)
def test_file_of_another_kind_is_refused_with_a_sentence(file, content, sentence):
    file.write_bytes(content)
    assert f"{file} {sentence}" in run_badly(file)[0]


def test_missing_file_and_folder_are_refused_with_a_sentence(tmp_path):
    assert "does not exist. Check the name" in run_badly(tmp_path / "none.csv")[0]
    assert "is a folder, not a file" in run_badly(tmp_path)[0]


def test_file_that_is_wrong_from_the_start_is_given_up(file):
    file.write_text("a,b,c\r\n" * 5_000)
    why, err = run_badly(file)
    assert "is not AddressBase Plus: every one of its first lines is wrong" in why
    assert len(err.splitlines()) == 100


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"STREET_DESCRIPTION": "", "THOROUGHFARE": "ST. MARY'S ROAD"}, "12 St. Mary's Road, Barnet, EN5 4AA"),
        ({"PAO_START_NUMBER": "", "BUILDING_NAME": "12A-14"}, "12A-14 High Street, Barnet, EN5 4AA"),
        (
            {"PAO_START_NUMBER": "", "BUILDING_NAME": "ELM COURT", "SUB_BUILDING_NAME": "FLAT 3"},
            "Flat 3, Elm Court, High Street, Barnet, EN5 4AA",
        ),
        (
            {"PAO_START_NUMBER": "", "BUILDING_NAME": "ELM COURT", "BUILDING_NUMBER": "7"},
            "Elm Court, 7 High Street, Barnet, EN5 4AA",
        ),
        (
            {"TOWN_NAME": "", "POST_TOWN": "LONDON", "POSTCODE_LOCATOR": "", "POSTCODE": "N2 0AB"},
            "12 High Street, London, N2 0AB",
        ),
        ({"RM_ORGANISATION_NAME": "CORNER SHOP"}, "Corner Shop, 12 High Street, Barnet, EN5 4AA"),
        ({"LA_ORGANISATION": "Barnet Homes"}, "Barnet Homes, 12 High Street, Barnet, EN5 4AA"),
    ],
)
def test_delivery_point_fills_what_the_gazetteer_leaves_empty(file, parts, line):
    run(written(file, row(1, **parts)))
    assert Address.objects.get().one_line == line


def test_what_is_no_postal_address_is_kept_but_not_offered(file):
    run(written(file, row(1, ADDRESSBASE_POSTAL="N")))
    assert Address.objects.current().exists()
    assert not Address.objects.postal().exists()


def test_progress_is_told_on_the_error_stream(file, monkeypatch):
    monkeypatch.setattr("barnet.gazetteer.services.addresses.PROGRESS_EVERY", 2)
    out, err = run(written(file, row(1), row(2), row(3)))
    assert "2 lines read" in err
    assert "lines read" not in out


@pytest.mark.django_db(transaction=True)
def test_second_import_at_the_same_time_is_refused(file):
    other = connections["default"].copy()
    other.inc_thread_sharing()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x61646472])
        assert "Another import of addresses is running" in run_badly(written(file, row(1)))[0]
        other.rollback()
        assert "1 inserted" in run(file)[0]
    finally:
        other.close()
