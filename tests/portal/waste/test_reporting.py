"""When a missed bin may be reported, in London time. 6 July 2026 is a Monday; the round ends at 6pm."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.cases.models import Case
from portal.waste.models import LogAnswer, ReportingRule
from portal.waste.reporting import Standing
from portal.waste.selectors import reportable, same_as_key
from tests.factories import CaseFactory
from tests.portal.waste.factories import (
    CollectionFactory,
    ContainerFactory,
    CrewLogEntryFactory,
    HolidayShiftFactory,
    RoundFactory,
    RoundRunFactory,
    equip,
)

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 7, 6)


def london(*moment):
    return timezone.make_aware(dt.datetime(*moment))


def standing(home, *moment):
    (choice,) = reportable(home, london(*moment))
    return choice.standing


def round_of(home):
    (choice,) = reportable(home, london(2026, 7, 6, 12))
    return choice.facts.last.round


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ((2026, 7, 6, 0, 0), Standing.TOO_EARLY),
        ((2026, 7, 6, 17, 59, 59), Standing.TOO_EARLY),
        ((2026, 7, 6, 18, 0), Standing.REPORTABLE),
        ((2026, 7, 7, 9), Standing.REPORTABLE),
        ((2026, 7, 8, 23, 59, 59), Standing.REPORTABLE),
        ((2026, 7, 9, 0, 0), Standing.TOO_LATE),
        ((2026, 7, 12, 12), Standing.TOO_LATE),
    ],
)
def test_window_opens_with_the_end_of_the_round_and_closes_after_two_working_days(home, black_bin, moment, expected):
    assert standing(home, *moment) == expected


@pytest.mark.parametrize(
    ("first_on", "last_moment", "first_late"),
    [
        (dt.date(2026, 7, 3), (2026, 7, 7, 23, 59), (2026, 7, 8, 0, 0)),  # Friday → Tuesday
        (dt.date(2026, 7, 4), (2026, 7, 7, 23, 59), (2026, 7, 8, 0, 0)),  # Saturday → Tuesday
        (dt.date(2026, 4, 2), (2026, 4, 8, 23, 59), (2026, 4, 9, 0, 0)),  # Thursday before Easter → Wednesday
        (dt.date(2026, 12, 23), (2026, 12, 29, 23, 59), (2026, 12, 30, 0, 0)),  # over Christmas
    ],
)
def test_window_counts_working_days_only(home, first_on, last_moment, first_late):
    equip(home, first_on=first_on)
    assert standing(home, *last_moment) == Standing.REPORTABLE
    assert standing(home, *first_late) in {Standing.TOO_LATE, Standing.TOO_EARLY}


def test_finished_round_opens_the_window_early(home, black_bin):
    RoundRunFactory(round=round_of(home), on=MONDAY, finished_at=london(2026, 7, 6, 14, 5))
    assert standing(home, 2026, 7, 6, 14, 4) == Standing.TOO_EARLY
    assert standing(home, 2026, 7, 6, 14, 5) == Standing.REPORTABLE


def test_round_that_runs_late_opens_the_window_late(home, black_bin):
    RoundRunFactory(round=round_of(home), on=MONDAY, finished_at=london(2026, 7, 6, 20, 30))
    assert standing(home, 2026, 7, 6, 19) == Standing.TOO_EARLY
    assert standing(home, 2026, 7, 6, 20, 30) == Standing.REPORTABLE


def test_round_that_has_begun_ends_when_it_normally_does(home, black_bin):
    RoundRunFactory(round=round_of(home), on=MONDAY, finished_at=None)
    assert standing(home, 2026, 7, 6, 17) == Standing.TOO_EARLY
    assert standing(home, 2026, 7, 6, 18) == Standing.REPORTABLE


@pytest.mark.parametrize("outcome", ["not_out", "contaminated", "no_access"])
def test_crew_log_stops_a_report_and_says_what_to_do(home, black_bin, outcome):
    CrewLogEntryFactory(round=round_of(home), address=home, on=MONDAY, outcome=outcome)
    (choice,) = reportable(home, london(2026, 7, 7, 9))
    answer = LogAnswer.objects.get(outcome=outcome)
    assert choice.standing == Standing.LOGGED
    assert (choice.sentence, choice.advice) == (answer.sentence, answer.advice)
    assert choice.next_on == dt.date(2026, 7, 13)


def test_crew_log_speaks_before_the_round_is_over(home, black_bin):
    CrewLogEntryFactory(round=round_of(home), address=home, on=MONDAY, outcome="not_out")
    assert standing(home, 2026, 7, 6, 11) == Standing.LOGGED


def test_log_of_another_day_round_or_home_stops_nothing(home, black_bin):
    CrewLogEntryFactory(round=round_of(home), address=home, on=MONDAY - dt.timedelta(days=7), outcome="not_out")
    CrewLogEntryFactory(round=round_of(home), on=MONDAY, outcome="not_out")
    CrewLogEntryFactory(address=home, on=MONDAY, outcome="not_out")
    assert standing(home, 2026, 7, 7, 9) == Standing.REPORTABLE


def test_logged_as_collected_may_be_reported_unless_staff_say_otherwise(home, black_bin):
    CrewLogEntryFactory(round=round_of(home), address=home, on=MONDAY, outcome="collected")
    assert standing(home, 2026, 7, 7, 9) == Standing.REPORTABLE
    LogAnswer.objects.create(outcome="collected", sentence="It was emptied.", advice="Look again.")
    assert standing(home, 2026, 7, 7, 9) == Standing.LOGGED


def test_rule_changes_the_window_of_its_stream(home, black_bin):
    equip(home, stream="food")
    ReportingRule.objects.filter(stream="refuse").update(window_working_days=1)
    by_stream = {choice.container.stream: choice.standing for choice in reportable(home, london(2026, 7, 8, 9))}
    assert by_stream == {"refuse": Standing.TOO_LATE, "food": Standing.REPORTABLE}


def test_window_starts_on_the_day_to_which_a_shift_moved_the_collection(home):
    equip(home, first_on=dt.date(2026, 1, 2))  # Fridays
    HolidayShiftFactory(due_on=dt.date(2026, 12, 25), moved_to=dt.date(2026, 12, 26))
    assert standing(home, 2026, 12, 25, 20) == Standing.TOO_LATE  # the one of the 18th
    assert standing(home, 2026, 12, 26, 12) == Standing.TOO_EARLY
    assert standing(home, 2026, 12, 26, 18) == Standing.REPORTABLE
    assert standing(home, 2026, 12, 30, 23, 59) == Standing.REPORTABLE
    assert standing(home, 2026, 12, 31, 0, 0) == Standing.TOO_LATE


@pytest.mark.parametrize(("day", "ends_utc"), [(dt.date(2026, 3, 29), 17), (dt.date(2026, 10, 25), 18)])
def test_round_ends_by_the_clock_on_the_wall_when_the_clocks_change(home, day, ends_utc):
    equip(home, first_on=day)
    end = dt.datetime(day.year, day.month, day.day, ends_utc, tzinfo=dt.UTC)
    assert reportable(home, end - dt.timedelta(seconds=1))[0].standing == Standing.TOO_EARLY
    assert reportable(home, end)[0].standing == Standing.REPORTABLE


def test_open_report_is_joined_whatever_else_holds(home, black_bin):
    CaseFactory(same_as_key=same_as_key(black_bin), address=home)
    for moment in [(2026, 7, 6, 9), (2026, 7, 7, 9), (2026, 7, 11, 9)]:
        assert standing(home, *moment) == Standing.REPORTED
    Case.objects.update(state="resolved", outcome="collected", public_reason="Done.")
    assert standing(home, 2026, 7, 7, 9) == Standing.REPORTABLE


def test_open_report_of_another_bin_or_home_joins_nothing(home, black_bin):
    other = equip(CollectionFactory(round=RoundFactory(stream="food")).address)
    CaseFactory(same_as_key=same_as_key(other))
    assert standing(home, 2026, 7, 7, 9) == Standing.REPORTABLE


def test_bin_without_a_round_says_so(home, rules):
    ContainerFactory(address=home, stream="garden")
    assert standing(home, 2026, 7, 7, 9) == Standing.NOT_COLLECTED


def test_bin_whose_round_starts_later_says_when(home):
    equip(home, first_on=dt.date(2026, 9, 7))
    (choice,) = reportable(home, london(2026, 7, 7, 9))
    assert choice.standing == Standing.NOT_YET
    assert "7 September 2026" in choice.advice


def test_removed_bin_is_not_offered(home, black_bin):
    black_bin.removed_on = MONDAY
    black_bin.save()
    assert reportable(home, london(2026, 7, 7, 9)) == []


def test_one_bin_and_many_cost_the_same_queries(home, black_bin):
    def count():
        with CaptureQueriesContext(connection) as queries:
            reportable(home, london(2026, 7, 7, 9))
        return len(queries)

    with_one = count()
    for stream in ("food", "recycling"):
        equip(home, stream=stream)
    ContainerFactory(address=home)
    assert count() == with_one <= 11
