import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnet.gazetteer import working_days
from barnet.gazetteer.models import Closure, OpeningHours
from barnet.gazetteer.working_days import Calendar

pytestmark = pytest.mark.django_db
days = st.dates(dt.date(2013, 1, 1), dt.date(2045, 12, 31))
closures = st.frozensets(st.dates(dt.date(2024, 12, 1), dt.date(2025, 1, 31)), max_size=12)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-28", False),
        ("2026-11-29", False),
        ("2026-12-25", False),
        ("2026-12-28", False),  # in place of Boxing Day
        ("2027-01-01", False),
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-12-24", True),
        ("2022-09-19", False),  # the Queen's funeral
        ("2026-03-17", True),  # a holiday in Northern Ireland only
    ],
)
def test_working_day_is_no_weekend_and_no_bank_holiday(day, works):
    assert working_days.is_working_day(dt.date.fromisoformat(day)) is works


def test_add_working_days_steps_over_christmas_easter_and_closures():
    assert working_days.add_working_days(dt.date(2026, 12, 23), 2) == dt.date(2026, 12, 29)
    assert working_days.add_working_days(dt.date(2026, 4, 2), 1) == dt.date(2026, 4, 7)
    Closure.objects.create(on=dt.date(2026, 12, 29), name="Staff day")
    assert working_days.add_working_days(dt.date(2026, 12, 23), 2) == dt.date(2026, 12, 30)
    assert working_days.add_working_days(dt.date(2026, 12, 30), -2) == dt.date(2026, 12, 23)
    assert working_days.add_working_days(dt.date(2026, 12, 26), 0) == dt.date(2026, 12, 26)


def test_next_and_previous_working_day_are_never_the_day_itself():
    monday = dt.date(2026, 11, 23)
    assert working_days.next_working_day(monday) == dt.date(2026, 11, 24)
    assert working_days.previous_working_day(monday) == dt.date(2026, 11, 20)


def test_days_between_count_after_the_first_up_to_the_second():
    friday, monday = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
    assert working_days.working_days_between(friday, friday) == 0
    assert working_days.working_days_between(friday, monday) == 1
    assert working_days.working_days_between(monday, friday) == -1


@given(start=days, number=st.integers(1, 40), closed=closures)
@settings(deadline=None)
def test_adding_and_counting_agree(start, number, closed):
    calendar = Calendar(closed)
    end = calendar.add_working_days(start, number)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == number
    assert calendar.working_days_between(end, start) == -number


@given(start=st.dates(dt.date(2024, 12, 10), dt.date(2025, 1, 10)), number=st.integers(-15, 15), closed=closures)
@settings(deadline=None)
def test_year_end_never_lands_on_a_day_off(start, number, closed):
    calendar = Calendar(closed)
    assert number == 0 or calendar.is_working_day(calendar.add_working_days(start, number))


@given(start=days)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_easter_and_christmas_is_a_holiday(start):
    holidays = working_days.bank_holidays(start.year)
    assert 8 <= len(holidays) <= 10
    assert all(day.year == start.year and day.weekday() < 5 for day in holidays)


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017, 2018, 2019, 2021, 2024, 2025, 2026, 2027, 2028])
def test_rule_agrees_with_what_was_published(year):
    """2012, 2020, 2022 and 2023 had extra or moved days, which no rule knows."""
    assert sorted(working_days._by_rule(year)) == working_days.bank_holidays(year)


def test_years_after_the_published_ones_follow_the_rule():
    assert dt.date(2033, 12, 27) in working_days.bank_holidays(2033)  # Christmas Day is a Sunday
    assert working_days.bank_holidays_known_until().year >= 2028


@pytest.mark.parametrize(
    "call",
    [
        lambda: working_days.add_working_days(dt.date(2026, 12, 1), 30),
        lambda: working_days.working_days_between(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        lambda: working_days.is_working_day(dt.date(2026, 12, 1)),
    ],
)
def test_calendar_costs_one_query(call, django_assert_num_queries):
    with django_assert_num_queries(1):
        call()


def test_one_calendar_answers_many_questions_with_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = working_days.working_calendar()
        for number in range(20):
            calendar.add_working_days(dt.date(2026, 12, 1), number)


def test_closure_counts_at_once_for_every_process():
    monday = dt.date(2026, 11, 23)
    assert working_days.is_working_day(monday)
    Closure.objects.create(on=monday, name="Staff day")
    assert not working_days.is_working_day(monday)


def london(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def line():
    for weekday in range(5):
        OpeningHours.objects.create(place="Telephone", weekday=weekday, opens_at=dt.time(9), closes_at=dt.time(17))
    OpeningHours.objects.create(place="Telephone", weekday=5, opens_at=dt.time(10), closes_at=dt.time(12))


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-23 09:00", True),
        ("2026-11-23 08:59", False),
        ("2026-11-23 17:00", False),
        ("2026-11-28 11:00", True),
        ("2026-11-29 11:00", False),
        ("2026-12-25 11:00", False),
        ("2026-07-01 16:30", True),  # summer time
    ],
)
def test_place_is_open_in_its_hours_and_never_on_a_day_off(line, at, answer):
    assert working_days.is_open("telephone", london(at)) is answer


def test_place_is_closed_on_a_closure_and_an_unknown_place_always(line):
    Closure.objects.create(on=dt.date(2026, 11, 23), name="Staff day")
    assert not working_days.is_open("Telephone", london("2026-11-23 11:00"))
    assert not working_days.is_open("Nowhere", london("2026-11-24 11:00"))


def test_opening_hours_are_shown_for_every_day_of_the_week(line):
    week = working_days.opening_hours("Telephone")
    assert [day.label for day in week][:2] == ["Monday", "Tuesday"]
    assert week[0].hours == [(dt.time(9), dt.time(17))]
    assert week[6].hours == []
    assert working_days.opening_hours("Nowhere") == []


def test_check_calendar_warns_a_year_before_the_end(capsys, monkeypatch):
    call_command("check_calendar")
    assert "published until 26 December 2028" in capsys.readouterr().out
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2028, 1, 1))
    with pytest.raises(CommandError, match="Update govuk-bank-holidays"):
        call_command("check_calendar")
