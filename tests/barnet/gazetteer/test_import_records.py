"""AddressBase Premium and LLPG DTF 7.3: records become addresses, and change files reach what they touch."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from barnet.gazetteer.enums import ChangeKind, NameKind
from barnet.gazetteer.models import Address, AddressChange, AddressName, SourceRecord
from barnet.gazetteer.records import LAYOUTS
from barnet.gazetteer.services import addresses as imports
from tests.barnet.gazetteer.real_data import DTF, PREMIUM_HEADERS, needs_real_data
from tests.barnet.gazetteer.source_files import UPRN, USRN, home, record, written
from tests.barnet.gazetteer.test_import_addresses import row, run, run_badly
from tests.barnet.gazetteer.test_import_addresses import written as written_plus

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "premium.csv"


@needs_real_data
def test_layouts_of_premium_are_as_wide_as_those_that_ordnance_survey_publishes():
    for path in PREMIUM_HEADERS.glob("Record_*_Header.csv"):
        names = next(csv.reader(path.open()))
        kind = int(path.name.split("_")[1])
        if kind in LAYOUTS["premium"]:
            ours = LAYOUTS["premium"][kind]
            assert len(ours) == len(names)
            renamed = {(a, b) for a, b in zip(ours, names, strict=True) if a != b}
            assert {a for a, _b in renamed} <= {"STATE", "STATE_DATE", "START_DATE", "END_DATE", "ENTRY_DATE"}


@needs_real_data
def test_samples_of_an_llpg_are_inserted_updated_and_deleted():
    out, _err = run(DTF / "insert.csv")
    assert "3 lines: 0 inserted" in out
    assert "3 records added, 0 changed, 0 removed" in out
    assert "0 records added, 0 changed, 0 removed" in run(DTF / "insert.csv")[0]
    assert "0 records added, 1 changed, 0 removed" in run(DTF / "update.csv")[0]
    assert SourceRecord.objects.get(usrn=20900161).facts["STREET_START_X"] == "666666.00"
    assert "0 records added, 0 changed, 1 removed" in run(DTF / "delete.csv")[0]
    assert set(SourceRecord.objects.values_list("usrn", flat=True)) == {20900161, 20900163}


def test_premium_property_is_put_together_from_its_records(file):
    records = [
        record(11),
        record(15),
        record(21, PARENT_UPRN=UPRN + 9),
        record(23),
        record(23, XREF_KEY="5090X2", SOURCE="7666OW"),
        record(24, SAO_TEXT="SHOP", PAO_START_SUFFIX="A"),
        record(28),
        record(31),
        record(32),
        record(32, CLASS_KEY="5090C2", CLASSIFICATION_CODE="CR08", CLASS_SCHEME="VOA Special Category"),
    ]
    out, _err = run(written(file, *records))
    assert "12 lines: 1 inserted" in out
    assert "9 records added, 0 changed, 0 removed, 3 of other kinds left out; 0 properties without" in out
    address = Address.objects.get()
    assert address.one_line == "Corner Shop, Shop, 12A High Street, Barnet, EN5 4AA"
    assert (address.pk, address.usrn, address.parent_uprn) == (UPRN, USRN, UPRN + 9)
    assert (address.classification, address.custodian_code, address.blpu_state) == ("RD04", 5090, 2)
    assert (address.location.x, address.location.y) == (524_500, 196_500)
    assert address.changed_on == dt.date(2026, 1, 2)
    assert not AddressChange.objects.exists()
    again, _err = run(file)
    assert "0 inserted, 0 updated, 0 unchanged, 0 retired" in again
    assert "0 records added, 0 changed, 0 removed" in again


def test_dtf_property_is_put_together_from_its_records(file):
    dtf = {"product": "dtf"}
    records = [
        record(15, **dtf),
        record(21, CLASS="RD02", ORGANISATION="", **dtf),
        record(24, POST_TOWN="BARNET", POSTAL_ADDRESS="N", **dtf),
        ["12", "I", "1", "whatever"],
    ]
    out, _err = run(written(file, *records, version="7.3"))
    assert "6 lines: 1 inserted" in out
    address = Address.objects.get()
    assert address.one_line == "12 High Street, Barnet, EN5 4AA"
    assert (address.classification, address.is_postal) == ("RD02", False)


@pytest.mark.parametrize("product", ["premium", "dtf"])
def test_change_file_brings_single_records_and_the_address_follows(file, product):
    version = "7.3" if product == "dtf" else "2.2"
    run(written(file, record(15, product=product), *home(1, product), *home(2, product), version=version))
    changed = [
        record(24, "U", product, UPRN=1, LPI_KEY="5090L1", PAO_START_NUMBER=14),
        record(21, "D", product, UPRN=2),
        record(24, "D", product, UPRN=2, LPI_KEY="5090L2"),
        *home(3, product, PAO_START_NUMBER=16),
    ]
    out, _err = run(written(file, *changed, version=version))
    assert "1 inserted, 1 updated, 0 unchanged, 1 retired" in out
    assert Address.objects.get(pk=1).one_line == "14 High Street, Barnet, EN5 4AA"
    assert Address.objects.get(pk=2).retired_on is not None
    assert Address.objects.get(pk=3).pao_start_number == 16
    kinds = set(AddressChange.objects.values_list("address_id", "kind"))
    assert kinds == {(1, ChangeKind.RENAMED), (2, ChangeKind.RETIRED)}
    run(written(file, *home(2, product), version=version))
    assert AddressChange.objects.filter(address_id=2, kind=ChangeKind.RETURNED).exists()
    assert Address.objects.get(pk=2).retired_on is None


def test_renamed_street_reaches_all_its_addresses_and_leaves_their_former_names(file):
    run(written(file, record(15), *home(1), *home(2), record(15, USRN=2), *home(3, USRN=2)))
    out, _err = run(written(file, record(15, "U", STREET_DESCRIPTION="QUEENS PARADE")))
    assert "0 inserted, 2 updated" in out
    assert Address.objects.get(pk=1).street == "QUEENS PARADE"
    assert Address.objects.get(pk=3).street == "HIGH STREET"
    change = AddressChange.objects.get(address_id=1)
    assert (change.before, change.after) == (
        "12 High Street, Barnet, EN5 4AA",
        "12 Queens Parade, Barnet, EN5 4AA",
    )
    assert change.source == "premium.csv"
    name = AddressName.objects.get(address_id=1)
    assert (name.kind, name.one_line) == (NameKind.FORMER, "12 High Street, Barnet, EN5 4AA")


def test_other_names_are_kept_by_kind_and_follow_the_source(file):
    names = [
        record(24, LPI_KEY="A", LOGICAL_STATUS=3, PAO_TEXT="ROSE COTTAGE", PAO_START_NUMBER=""),
        record(24, LPI_KEY="B", LOGICAL_STATUS=8, PAO_TEXT="THE FORGE", PAO_START_NUMBER="", END_DATE="1999-05-01"),
        record(24, LPI_KEY="C", LANGUAGE="CYM", PAO_TEXT="TY GWYN", PAO_START_NUMBER=""),
        record(24, LPI_KEY="D", LOGICAL_STATUS=6, PAO_TEXT="PLOT 1", PAO_START_NUMBER=""),
        record(24, LPI_KEY="E", LOGICAL_STATUS=9, PAO_TEXT="REFUSED", PAO_START_NUMBER=""),
    ]
    run(written(file, record(15), record(21), record(24), *names))
    assert Address.objects.get().one_line == "12 High Street, Barnet, EN5 4AA"
    kept = {name.key: (name.kind, name.one_line, name.ended_on) for name in AddressName.objects.all()}
    assert kept == {
        "A": (NameKind.ALTERNATIVE, "Rose Cottage, High Street, Barnet, EN5 4AA", None),
        "B": (NameKind.FORMER, "The Forge, High Street, Barnet, EN5 4AA", dt.date(1999, 5, 1)),
        "C": (NameKind.LANGUAGE, "Ty Gwyn, High Street, Barnet, EN5 4AA", None),
    }
    run(written(file, record(24, "D", LPI_KEY="A")))
    assert set(AddressName.objects.values_list("key", flat=True)) == {"B", "C"}


def test_provisional_property_is_kept_apart_until_it_is_confirmed(file):
    run(written(file, record(15), record(21, LOGICAL_STATUS=6), record(24, LOGICAL_STATUS=6, PAO_TEXT="PLOT 4")))
    address = Address.objects.get()
    assert address.is_provisional
    assert not Address.objects.postal().exists()
    assert Address.objects.with_provisional().get() == address
    run(written(file, record(21, "U"), record(24, "U")))
    assert Address.objects.postal().get() == address
    kinds = set(AddressChange.objects.values_list("kind", flat=True))
    assert kinds == {ChangeKind.CONFIRMED, ChangeKind.RENAMED}
    assert not AddressName.objects.exists()  # a plot's name is nobody's former address


def test_historical_property_is_retired_on_its_last_day(file):
    history = [record(21, LOGICAL_STATUS=8, END_DATE="2020-03-31"), record(24, LOGICAL_STATUS=8)]
    run(written(file, record(15), *history))
    assert Address.objects.get().retired_on == dt.date(2020, 3, 31)
    assert not AddressChange.objects.exists()
    run(written(file, record(21, "U"), record(24, "U")))
    assert Address.objects.get().retired_on is None
    run(written(file, record(21, "U", LOGICAL_STATUS=8, END_DATE="2026-02-03")))
    change = AddressChange.objects.get(kind=ChangeKind.RETIRED)
    assert change.changed_on == dt.date(2026, 2, 3)


def test_moved_and_reclassified_are_written_down(file):
    run(written(file, record(15), *home(), record(32)))
    moved = [record(21, "U", X_COORDINATE="524510.00"), record(32, "U", CLASSIFICATION_CODE="CR08")]
    run(written(file, *moved))
    said = {change.kind: (change.before, change.after) for change in AddressChange.objects.all()}
    assert said == {
        ChangeKind.MOVED: ("524500, 196500", "524510, 196500"),
        ChangeKind.RECLASSIFIED: ("RD04", "CR08"),
    }


def test_volumes_of_one_supply_may_hold_a_property_in_pieces(file, tmp_path):
    blpu, lpi = home()
    second = written(tmp_path / "second.csv", record(15), lpi)
    assert "2 lines" not in run(written(file, blpu), second)[0]
    assert Address.objects.get().one_line == "12 High Street, Barnet, EN5 4AA"


def test_premium_and_plus_in_one_run_are_merged_in_order(file, tmp_path):
    plus = written_plus(tmp_path / "plus.csv", row(UPRN, "U", PAO_START_NUMBER="99"))
    run(written(file, record(15), *home()), plus)
    assert Address.objects.get().pao_start_number == 99


def test_property_without_a_name_and_name_without_a_property_are_told(file):
    out, err = run(written(file, record(15), record(21), record(24, UPRN=7, LPI_KEY="X")))
    assert "2 properties without an address" in out
    assert f"UPRN {UPRN}: no address: there is no name (record 24) for this property" in err
    assert "UPRN 7: no address: there is no property (record 21) with this UPRN" in err
    assert not Address.objects.exists()


BAD = [
    (record(21, "X"), "the change type is “X”; it is I, U or D"),
    (record(21, UPRN="abc"), "the UPRN is “abc”"),
    (record(21, X_COORDINATE="east"), "the coordinates are not numbers"),
    (record(21, X_COORDINATE="51.6", Y_COORDINATE="-0.2"), "51.6, -0.2 is outside Great Britain"),
    (record(21, LOGICAL_STATUS="2"), "the logical status is “2”"),
    (record(21, PARENT_UPRN="none"), "PARENT_UPRN is “none”, not a number"),
    (record(24, LPI_KEY=""), "LPI_KEY is “”"),
    (record(24, USRN="99999999999"), "USRN is “99999999999”, not a number"),
    (record(24, PAO_START_NUMBER="twelve"), "PAO_START_NUMBER is “twelve”, not a number"),
    (record(24, END_DATE="31/12/2026"), "END_DATE is “31/12/2026”, not a date"),
    (record(15, STREET_DESCRIPTION=""), "there is no street description"),
    (record(30, SUCCESSOR="?"), "the UPRN is “?”"),
    (record(21)[:-1], "a record 21 has 22 columns, and there are 21"),
    (record(24, product="dtf"), "a record 24 has 26 columns, and there are 30: this looks like LLPG DTF 7.3"),
    (["77", "I", "1"], "“77” is no kind of record"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_bad_record_is_told_by_line_and_reason_and_nothing_changes(file, bad, reason):
    why, err = run_badly(written(file, record(15), bad, *home(9)))
    assert f"{file}, line 3: {reason}" in err
    assert "nothing was changed" in why
    assert not SourceRecord.objects.exists()
    assert not Address.objects.exists()


def test_skip_bad_imports_the_other_records(file):
    out, err = run(written(file, record(15), record(21, "X"), *home(9)), skip_bad=True)
    assert "1 inserted" in out
    assert "line 3" in err
    assert Address.objects.get().pk == 9


def test_file_that_was_cut_is_refused(file):
    _why, err = run_badly(written(file, record(15), *home(), ends=False))
    assert "line 4: the file has no trailer (record 99): it was cut off" in err
    _why, err = run_badly(written(file, record(15), *home(), promised=500))
    assert "line 5: the trailer promises 500 records, and there are 3: the file was cut" in err
    file.write_bytes(file.read_bytes() + file.read_bytes())
    assert "there are records after the trailer" in run_badly(file)[1]
    assert not SourceRecord.objects.exists()


def test_record_inserted_twice_is_told_and_of_several_changes_the_last_counts(file):
    _why, err = run_badly(written(file, record(15), *home(), record(21)))
    assert f"line 5: the record 21 {UPRN} is inserted on line 3 already" in err
    changes = [record(24, "U", LPI_KEY="Z", PAO_START_NUMBER=n) for n in (20, 22)]
    run(written(file, record(15), record(21), record(24, LPI_KEY="Z"), *changes))
    assert Address.objects.get().pao_start_number == 22


def test_dry_run_of_records_tells_the_truth_and_changes_nothing(file):
    out, _err = run(written(file, record(15), *home()), dry_run=True)
    assert "1 would be inserted" in out
    assert "3 records would be added" in out
    assert not SourceRecord.objects.exists()


def test_format_may_be_given_and_then_counts(file):
    _why, err = run_badly(written(file, record(15), *home()), format="dtf")
    assert "a record 15 has 9 columns, and there are 13: this looks like AddressBase Premium" in err


def test_more_addresses_than_are_put_together_at_a_time(file, monkeypatch):
    monkeypatch.setattr(imports.source_records, "AT_A_TIME", 2)
    run(written(file, record(15), *(line for uprn in range(1, 6) for line in home(uprn))))
    assert Address.objects.count() == 5
    gone = [record(21, "D", UPRN=uprn) for uprn in (1, 2, 3)] + [
        record(24, "D", UPRN=uprn, LPI_KEY=f"5090L{uprn}") for uprn in (1, 2, 3)
    ]
    run(written(file, *gone, record(24, "U", UPRN=5, LPI_KEY="5090L5", PAO_START_NUMBER=50)))
    assert Address.objects.current().count() == 2
    assert Address.objects.get(pk=5).pao_start_number == 50
