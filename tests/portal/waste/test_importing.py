"""The four import commands: what they take, what they refuse by line, and that a refused file changes nothing."""

import datetime as dt
import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from portal.cases.models import Team
from portal.waste.models import Collection, Container, CrewLogEntry, HolidayShift, Round, RoundRun
from tests.factories import AddressFactory, TeamFactory
from tests.portal.waste.factories import (
    CollectionFactory,
    ContainerFactory,
    HolidayShiftFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db

ROUNDS = "code,name,stream,weekday,frequency,first_date,ends_at,crew,crew_name"
COLLECTIONS = "uprn,stream,round,container,description"
LOG = "round,date,uprn,outcome,time"
SHIFTS = "due_date,moved_to,stream,reason"
EXAMPLES = Path(__file__).parents[3] / "docs" / "operators" / "examples"


@pytest.fixture
def run(tmp_path):
    """Writes a file and runs a command on it: what it said, and what it said was wrong."""

    def run_command(command, *lines, raw=None, **options):
        path = tmp_path / "file.csv"
        path.write_bytes(raw if raw is not None else "\n".join(lines).encode())
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(command, path, stdout=out, stderr=err, **options)
            failure = ""
        except CommandError as error:
            failure = str(error)
        return out.getvalue(), err.getvalue(), failure

    return run_command


# --- Rounds -----------------------------------------------------------------------------------------------------------


def test_rounds_are_added_with_their_crew(run):
    out, err, failure = run(
        "import_rounds",
        ROUNDS,
        "ref-mon-1,Refuse Monday 1,refuse,Monday,weekly,2026-01-05,17:30,crew-1,Crew 1",
        "rec-tue-1,Recycling Tuesday 1,Recycling,tue,fortnightly,06/01/2026,,crew-1,",
    )
    assert (err, failure) == ("", "")
    assert "rounds added: 2" in out
    refuse, recycling = Round.objects.order_by("-code")
    assert (refuse.weekday, refuse.frequency, refuse.ends_at) == (0, 1, dt.time(17, 30))
    assert (recycling.weekday, recycling.frequency, recycling.ends_at) == (1, 2, dt.time(18))
    assert refuse.crew == recycling.crew == Team.objects.get(slug="crew-1", kind="crew", name="Crew 1")


def test_rounds_twice_change_nothing(run):
    lines = [ROUNDS, "ref-mon-1,Refuse Monday 1,refuse,Monday,weekly,2026-01-05,,,"]
    run("import_rounds", *lines)
    out, _err, failure = run("import_rounds", *lines)
    assert not failure
    assert "rounds unchanged: 1" in out
    assert Round.objects.count() == 1


def test_round_is_changed_but_keeps_its_identity(run):
    old = RoundFactory(code="ref-mon-1")
    run("import_rounds", ROUNDS, "ref-mon-1,Refuse Tuesday,refuse,Tuesday,fortnightly,2026-01-06,16:00,,")
    (changed,) = Round.objects.all()
    assert (changed.pk, changed.name, changed.weekday, changed.frequency) == (old.pk, "Refuse Tuesday", 1, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("r 1,N,refuse,Monday,weekly,2026-01-05,,,", "may hold only letters"),
        (",N,refuse,Monday,weekly,2026-01-05,,,", "code is empty"),
        ("r1,,refuse,Monday,weekly,2026-01-05,,,", "name is empty"),
        ("r1," + "N" * 81 + ",refuse,Monday,weekly,2026-01-05,,,", "name is longer than 80"),
        ("r1,N,glass,Monday,weekly,2026-01-05,,,", "'glass' is not one of: refuse"),
        ("r1,N,refuse,Mo,weekly,2026-01-05,,,", "'Mo' is not one of"),
        ("r1,N,refuse,Monday,monthly,2026-01-05,,,", "'monthly' is not one of"),
        ("r1,N,refuse,Monday,weekly,2026-02-30,,,", "is not a date"),
        ("r1,N,refuse,Monday,weekly,31/02/2026,,,", "is not a date"),
        ("r1,N,refuse,Monday,weekly,0001-01-01,,,", "is not between 2000 and 2099"),
        ("r1,N,refuse,Tuesday,weekly,2026-01-05,,,", "is a Monday, not a Tuesday"),
        ("r1,N,refuse,Monday,weekly,2026-01-05,25:00,,", "is not a time"),
        ("r1,N,refuse,Monday,weekly,2026-01-05,6pm,,", "is not a time"),
        ("r1,N,refuse,Monday,weekly,2026-01-05,,crew-9,", "crew 'crew-9' is not known"),
        ("r1,N,refuse,Monday,weekly,2026-01-05", "has 6 columns, not 9"),
        ("r1,N,refuse,Monday,weekly,2026-01-05,,,,,", "has 11 columns, not 9"),
        ("old,N,food,Monday,weekly,2026-01-05,,,", "round old collects refuse"),
        ("r1,N\x00,refuse,Monday,weekly,2026-01-05,,,", "characters that are not UTF-8"),
    ],
)
def test_bad_line_is_named_and_the_file_changes_nothing(run, line, reason):
    RoundFactory(code="old")
    good = "good,N,refuse,Monday,weekly,2026-01-05,,new-crew,New crew"
    _out, err, failure = run("import_rounds", ROUNDS, good, "", line)
    assert "line 4: " in err
    assert reason in err
    assert "1 bad lines: nothing was changed" in failure
    assert list(Round.objects.values_list("code", flat=True)) == ["old"]
    assert not Team.objects.exists()


def test_skip_bad_takes_the_good_lines_and_names_the_others(run):
    out, err, failure = run(
        "import_rounds",
        ROUNDS,
        "bad,N,refuse,Tuesday,weekly,2026-01-05,,,",
        "good,N,refuse,Monday,weekly,2026-01-05,,,",
        "good,N,refuse,Monday,weekly,2026-01-12,,,",
        skip_bad=True,
    )
    assert failure == ""
    assert "line 2: " in err
    assert "line 4: round good is already on line 3" in err
    assert "3 lines read, 2 bad" in out
    assert Round.objects.get().first_on == dt.date(2026, 1, 5)


def test_dry_run_tells_and_changes_nothing(run):
    out, _err, failure = run(
        "import_rounds", ROUNDS, "good,N,refuse,Monday,weekly,2026-01-05,,crew-1,Crew 1", dry_run=True
    )
    assert failure == ""
    assert "rounds added: 1" in out
    assert "Dry run: nothing was changed." in out
    assert not Round.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "must name the columns"),
        ((ROUNDS + "\n").encode(), "no lines below its heading"),
        (ROUNDS.encode("utf-16"), "UTF-16"),
        (b"code;name;stream\n", "must name the columns"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "must name the columns"),
        (f"{ROUNDS},code\n".encode(), "names a column twice: code"),
        (f"{ROUNDS},colour\n".encode(), "cannot have: colour"),
        (f'{ROUNDS}\n"good,N,refuse,Monday\n'.encode(), "quotation mark"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(run, raw, reason):
    for options in ({}, {"skip_bad": True}):
        _out, _err, failure = run("import_rounds", raw=raw, **options)
        assert reason in failure
        assert "Nothing was changed" in failure


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_rounds", tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="directory"):
        call_command("import_rounds", tmp_path)


def test_byte_order_mark_and_column_names_in_any_case_are_read(run):
    heading = "Code,Name,Stream,Weekday,Frequency,First Date"
    raw = b"\xef\xbb\xbf" + f'{heading}\r\nr1,"Ruislip, Zo\u00eb",refuse,monday,weekly,2026-01-05\r\n'.encode()
    _out, err, failure = run("import_rounds", raw=raw)
    assert (err, failure) == ("", "")
    assert Round.objects.get().name == "Ruislip, Zoë"


def test_columns_without_a_name_are_left_out(run):
    """Spreadsheets like to add them."""
    _out, err, failure = run("import_rounds", ROUNDS + ",,", "r1,N,refuse,Monday,weekly,2026-01-05,,,,,")
    assert (err, failure) == ("", "")


def test_line_in_another_encoding_is_named(run):
    raw = f"{ROUNDS}\nr1,Zo".encode() + "ë".encode("latin-1") + b",refuse,Monday,weekly,2026-01-05,,,\n"
    _out, err, failure = run("import_rounds", raw=raw)
    assert "line 2: holds characters that are not UTF-8" in err
    assert failure


def test_line_number_counts_lines_inside_quotation_marks(run):
    _out, err, _failure = run(
        "import_rounds",
        ROUNDS,
        'r1,"two\nlines",refuse,Monday,weekly,2026-01-05,,,',
        "r2,N,glass,Monday,weekly,2026-01-05,,,",
    )
    assert err.startswith("line 4: ")


def test_database_refuses_what_the_files_may_not_say():
    tour, home = RoundFactory(), AddressFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundFactory(weekday=3, first_on=dt.date(2026, 1, 5))
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.create(address=home, stream="food", round=tour)
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=tour.pk).update(stream="food")
    with pytest.raises(IntegrityError), transaction.atomic():
        HolidayShiftFactory(due_on=dt.date(2026, 12, 1), moved_to=dt.date(2026, 12, 8))
    CollectionFactory(address=home, round=tour)
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectionFactory(address=home, round=RoundFactory())


# --- Collections ------------------------------------------------------------------------------------------------------


@pytest.fixture
def borough():
    RoundFactory(code="ref", stream="refuse")
    RoundFactory(code="ref2", stream="refuse")
    RoundFactory(code="rec", stream="recycling")
    return AddressFactory(uprn=100), AddressFactory(uprn=101)


def test_collections_put_properties_on_rounds_and_bins_at_them(run, borough):
    out, err, failure = run(
        "import_collections",
        COLLECTIONS,
        "100,refuse,ref,BIN-1,Black 240 litre wheeled bin",
        "100,recycling,rec,BIN-2,Blue bin",
        "100,recycling,rec,BIN-3,Second blue bin",
        "000101,refuse,ref2,,",
    )
    assert (err, failure) == ("", "")
    assert "collections added: 3" in out
    assert "bins added: 4" in out
    assert Container.objects.filter(address=100, stream="recycling").count() == 2
    bin_ = Container.objects.get(address=101)
    assert (bin_.identifier, bin_.description) == ("101-refuse", "Refuse bin")


def test_collections_twice_change_nothing(run, borough):
    lines = [COLLECTIONS, "100,refuse,ref,BIN-1,Black bin"]
    run("import_collections", *lines)
    before = list(Collection.objects.values()) + list(Container.objects.values())
    out, _err, _failure = run("import_collections", *lines)
    assert "bins unchanged: 1" in out
    assert list(Collection.objects.values()) + list(Container.objects.values()) == before


def test_collections_change_rounds_and_bins(run, borough):
    run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,Black bin")
    out, _err, _failure = run("import_collections", COLLECTIONS, "100,refuse,ref2,BIN-1,Grey bin")
    assert "collections moved to another round: 1" in out
    assert "bins changed: 1" in out
    assert Collection.objects.get().round.code == "ref2"
    assert Container.objects.get().description == "Grey bin"


def test_file_without_descriptions_keeps_those_we_have(run, borough):
    run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,Black bin")
    run("import_collections", "uprn,stream,round,container", "100,refuse,ref,BIN-1")
    assert Container.objects.get().description == "Black bin"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("999,refuse,ref,B,", "UPRN 999 is not a current address"),
        ("102,refuse,ref,B,", "UPRN 102 is not a current address"),
        ("1.00E+11,refuse,ref,B,", "is not a UPRN"),
        ("-5,refuse,ref,B,", "is not a UPRN"),
        ("1234567890123,refuse,ref,B,", "is not a UPRN"),
        ("١٢٣,refuse,ref,B,", "is not a UPRN"),
        ("0,refuse,ref,B,", "is not a UPRN"),
        ("100,refuse,nowhere,B,", "round 'nowhere' is not known"),
        ("100,refuse,rec,B,", "round rec collects recycling, not refuse"),
        ("100,refuse,ref2,B,", "refuse at UPRN 100 is on another round by line 2"),
        ("101,refuse,ref,BIN-1,", "container BIN-1 is already on line 2"),
        ("100,refuse,ref," + "B" * 41 + ",", "container is longer than 40"),
        ("100,refuse,ref,B," + "d" * 81, "description is longer than 80"),
    ],
)
def test_bad_collection_is_named_and_the_file_changes_nothing(run, borough, line, reason):
    AddressFactory(uprn=102, retired_on=dt.date(2026, 1, 1))
    _out, err, failure = run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,", line)
    assert "line 3: " in err
    assert reason in err
    assert failure
    assert not Container.objects.exists()
    assert not Collection.objects.exists()


def test_complete_file_ends_what_it_does_not_name(run, borough):
    run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,", "101,refuse,ref,BIN-2,")
    out, _err, _failure = run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,", complete=True)
    assert "collections ended: 1" in out
    assert "bins removed: 1" in out
    assert Collection.objects.get().address_id == 100
    assert Container.objects.get(identifier="BIN-2").removed_on == timezone.localdate()
    run("import_collections", COLLECTIONS, "101,refuse,ref,BIN-2,")
    assert Container.objects.get(identifier="BIN-2").removed_on is None


def test_complete_file_with_bad_lines_ends_nothing(run, borough):
    run("import_collections", COLLECTIONS, "101,refuse,ref,BIN-2,")
    _out, _err, failure = run("import_collections", COLLECTIONS, "100,refuse,ref,BIN-1,", "bad,,,,", complete=True)
    assert failure
    assert Collection.objects.get().address_id == 101
    _out, _err, failure = run("import_collections", COLLECTIONS, "100,refuse,ref,,", complete=True, skip_bad=True)
    assert "cannot go with --skip-bad" in failure


def test_bin_that_moved_house_is_moved(run, borough):
    ContainerFactory(identifier="BIN-1", address_id=100)
    run("import_collections", COLLECTIONS, "101,refuse,ref,BIN-1,")
    assert Container.objects.get().address_id == 101


def test_collections_cost_the_same_queries_however_long_the_file(run, borough, django_assert_num_queries):
    def count(*lines):
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            run("import_collections", COLLECTIONS, *lines, dry_run=True)
        return len(queries)

    assert count("100,refuse,ref,,") == count("100,refuse,ref,,", "100,recycling,rec,,", "101,refuse,ref,,")


@pytest.mark.skipif(not os.environ.get("SLOW"), reason="a minute: SLOW=1 runs it")
def test_collections_of_a_borough_in_minutes(run):
    homes = AddressFactory.build_batch(20_000)
    type(homes[0]).objects.bulk_create(homes, batch_size=5000)
    for stream in ("refuse", "recycling", "food"):
        RoundFactory(code=stream, stream=stream)
    lines = [f"{home.uprn},{stream},{stream},," for home in homes for stream in ("refuse", "recycling", "food")]
    started = time.monotonic()
    _out, _err, failure = run("import_collections", COLLECTIONS, *lines)
    assert not failure
    assert time.monotonic() - started < 120


# --- Crew log ---------------------------------------------------------------------------------------------------------


def test_crew_log_keeps_outcomes_and_finished_rounds(run, borough):
    out, err, failure = run(
        "import_crew_log",
        LOG,
        "ref,2026-07-06,100,not_out,10:15",
        "ref,2026-07-06,101,No access,",
        "ref,2026-07-06,,finished,14:05",
    )
    assert (err, failure) == ("", "")
    assert "entries added: 2" in out
    logged = CrewLogEntry.objects.get(address=100)
    assert logged.outcome == "not_out"
    assert timezone.localtime(logged.logged_at).strftime("%H:%M") == "10:15"
    assert CrewLogEntry.objects.get(address=101).outcome == "no_access"
    run_ = RoundRun.objects.get()
    assert (run_.round.code, run_.on) == ("ref", dt.date(2026, 7, 6))
    assert run_.finished_at == dt.datetime(2026, 7, 6, 13, 5, tzinfo=dt.UTC)


def test_crew_log_keeps_the_later_of_two_entries(run, borough):
    early, late = "ref,2026-07-06,100,no_access,09:00", "ref,2026-07-06,100,collected,15:00"
    run("import_crew_log", LOG, late, early)
    assert CrewLogEntry.objects.get().outcome == "collected"
    out, _err, _failure = run("import_crew_log", LOG, early)
    assert "entries known: 1" in out
    assert CrewLogEntry.objects.get().outcome == "collected"
    run("import_crew_log", LOG, "ref,2026-07-06,100,contaminated,16:00")
    assert CrewLogEntry.objects.get().outcome == "contaminated"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nowhere,2026-07-06,100,not_out,10:15", "round 'nowhere' is not known"),
        ("ref,2026-07-06,999,not_out,10:15", "UPRN 999 is not in the gazetteer"),
        ("ref,2026-07-06,,not_out,10:15", "uprn is empty"),
        ("ref,2026-07-06,100,lost,10:15", "'lost' is not one of"),
        ("ref,2026-07-06,100,finished,10:15", "a finished round has no UPRN"),
        ("ref,2026-07-06,,finished,", "time is empty"),
        ("ref,2099-07-06,100,not_out,10:15", "is in the future"),
        ("ref,6 July,100,not_out,10:15", "is not a date"),
    ],
)
def test_bad_log_line_is_named_and_the_file_changes_nothing(run, borough, line, reason):
    _out, err, failure = run("import_crew_log", LOG, "ref,2026-07-06,100,not_out,10:15", line)
    assert "line 3: " in err
    assert reason in err
    assert failure
    assert not CrewLogEntry.objects.exists()


def test_log_at_a_time_that_the_clock_change_skips_is_kept(run, borough):
    _out, err, failure = run("import_crew_log", LOG, "ref,2026-03-29,100,not_out,01:30")
    assert (err, failure) == ("", "")
    assert CrewLogEntry.objects.count() == 1


# --- Holiday shifts ---------------------------------------------------------------------------------------------------


def test_shifts_are_added_changed_and_left(run):
    lines = [SHIFTS, "2026-12-25,2026-12-26,,Christmas Day", "28/12/2026,29/12/2026,Food,Boxing Day"]
    run("import_holiday_shifts", *lines)
    assert set(HolidayShift.objects.values_list("stream", flat=True)) == {"", "food"}
    changed_at = HolidayShift.objects.get(stream="").changed_at
    out, _err, _failure = run("import_holiday_shifts", *lines)
    assert "shifts unchanged: 2" in out
    assert HolidayShift.objects.get(stream="").changed_at == changed_at
    run("import_holiday_shifts", SHIFTS, "2026-12-25,2026-12-28,all,Christmas Day")
    moved = HolidayShift.objects.get(stream="")
    assert moved.moved_to == dt.date(2026, 12, 28)
    assert moved.changed_at > changed_at


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-12-25,2027-01-02,,Christmas", "can move by at most 6 days"),
        ("2026-12-25,2026-12-26,,", "reason is empty"),
        ("2026-12-25,2026-12-26,glass,Christmas", "'glass' is not one of"),
        ("2026-12-18,2026-12-19,,Again", "this day is already on line 2"),
        ("2026-12-25,2026-12-19,,Christmas", "on or past the collection of the week before or after"),
    ],
)
def test_bad_shift_is_named_and_the_file_changes_nothing(run, line, reason):
    _out, err, failure = run("import_holiday_shifts", SHIFTS, "2026-12-18,2026-12-19,,Works", line)
    assert "line 3: " in err
    assert reason in err
    assert failure
    assert not HolidayShift.objects.exists()


def test_shift_that_meets_one_we_have_is_refused(run):
    HolidayShiftFactory(due_on=dt.date(2026, 12, 21), moved_to=dt.date(2026, 12, 26))
    _out, err, _failure = run("import_holiday_shifts", SHIFTS, "2026-12-28,2026-12-26,food,Boxing Day", skip_bad=True)
    assert "line 2: 2026-12-26 is on or past" in err
    assert HolidayShift.objects.count() == 1


def test_two_shifts_that_fit_only_together_are_taken(run):
    """Both collections move on by five days: each alone would meet the other."""
    _out, err, failure = run(
        "import_holiday_shifts", SHIFTS, "2026-12-28,2027-01-02,,One", "2026-12-21,2026-12-27,,Two"
    )
    assert (err, failure) == ("", "")


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_examples_of_the_documentation_are_taken(run):
    for uprn in (900000000001, 900000000002, 900000000003):
        AddressFactory(uprn=uprn)
    TeamFactory()
    for name in ("rounds", "collections", "crew_log", "holiday_shifts"):
        raw = (EXAMPLES / f"{name}.csv").read_bytes()
        _out, err, failure = run(f"import_{name}", raw=raw)
        assert (name, err, failure) == (name, "", "")
    assert Container.objects.exists()
    assert RoundRun.objects.exists()
