"""`import_addresses --complete`: what the whole list lacks is retired, and only that."""

import pytest
from django.core.management import CommandError

from barnet.gazetteer.enums import ChangeKind
from barnet.gazetteer.models import Address, AddressChange, SourceRecord
from tests.barnet.gazetteer.source_files import UPRN, home, record
from tests.barnet.gazetteer.source_files import written as written_records
from tests.barnet.gazetteer.test_import_addresses import row, run, run_badly
from tests.barnet.gazetteer.test_import_addresses import written as written_plus

pytestmark = pytest.mark.django_db
HALF = ["--complete", "--retire-at-most=50"]


def current() -> set[int]:
    return set(Address.objects.current().values_list("uprn", flat=True))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "supply.csv"


def test_what_a_complete_supply_lacks_is_retired_and_comes_back_with_a_later_one(file):
    run(written_plus(file, row(1), row(2)))
    out, _err = run(written_plus(file, row(1)), *HALF)
    assert "1 lines: 0 inserted, 0 updated, 1 unchanged, 1 retired" in out
    assert current() == {1}
    change = AddressChange.objects.get(address_id=2)
    assert (change.kind, change.source) == (ChangeKind.RETIRED, "missing in a complete supply")
    assert "0 retired" in run(file, *HALF)[0], "again changes nothing"
    run(written_plus(file, row(1), row(2)), "--complete")
    assert current() == {1, 2}


def test_without_the_option_nothing_is_retired(file):
    run(written_plus(file, row(1), row(2)))
    assert "0 retired" in run(written_plus(file, row(1)))[0]
    assert current() == {1, 2}


def test_several_files_are_one_supply(file, tmp_path):
    run(written_plus(file, row(1), row(2), row(3)))
    files = [written_plus(tmp_path / f"{uprn}.csv", row(uprn)) for uprn in (1, 2)]
    run(*files, *HALF)
    assert current() == {1, 2}


def test_addresses_of_other_custodians_stay(file):
    run(written_plus(file, row(1), row(2), row(3, LOCAL_CUSTODIAN_CODE="5300")))
    run(written_plus(file, row(1)), *HALF)
    assert current() == {1, 3}


@pytest.mark.parametrize("most", [[], ["--retire-at-most=49.9"]])
def test_a_supply_that_lacks_suspiciously_much_changes_nothing(file, most):
    run(written_plus(file, row(1), row(2)))
    said, _err = run_badly(written_plus(file, row(1, PAO_START_NUMBER="99")), "--complete", *most)
    assert "lack 1 of 2 addresses" in said
    assert "--retire-at-most" in said
    assert current() == {1, 2}
    assert not Address.objects.filter(pao_start_number=99).exists()


def test_a_bad_line_retires_nothing(file):
    run(written_plus(file, row(1), row(2)))
    run_badly(written_plus(file, row(1), row("x")), *HALF)
    assert current() == {1, 2}
    with pytest.raises(CommandError, match="exclude each other"):
        run(file, "--complete", "--skip-bad")


def test_a_dry_run_tells_and_retires_nothing(file):
    run(written_plus(file, row(1), row(2)))
    assert "1 would be retired" in run(written_plus(file, row(1)), *HALF, "--dry-run")[0]
    assert current() == {1, 2}


def test_the_records_of_what_is_missing_go_and_a_renamed_street_brings_nothing_back(file):
    run(written_records(file, record(11), record(15), *home(UPRN), *home(UPRN + 1)))
    out, _err = run(written_records(file, record(11), record(15), *home(UPRN)), *HALF)
    assert "1 retired" in out
    assert "2 removed" in out
    assert current() == {UPRN}
    assert not SourceRecord.objects.filter(uprn=UPRN + 1).exists()
    run(written_records(file, record(15, "U", STREET_DESCRIPTION="NEW STREET")))
    assert current() == {UPRN}
    assert "New Street" in Address.objects.get(pk=UPRN).one_line


def test_a_record_that_is_missing_goes_from_its_address_and_another_products_kinds_stay(file):
    street = [record(11), record(15)]
    run(written_records(file, *street, *home(UPRN), record(31), record(32)))
    assert "Corner Shop" in Address.objects.get().one_line
    run(written_records(file, *street, *home(UPRN), record(31, ORG_KEY="2", ORGANISATION="BAKER")), "--complete")
    address = Address.objects.get()
    assert "Baker" in address.one_line
    assert address.classification == "RD04", "of classifications the supply has none: they stay"


def test_two_formats_are_no_complete_supply(file, tmp_path):
    files = [written_plus(file, row(1)), written_records(tmp_path / "b.csv", record(11), record(15), *home(UPRN))]
    said, _err = run_badly(*files, "--complete")
    assert "in another format" in said
    assert current() == set()
