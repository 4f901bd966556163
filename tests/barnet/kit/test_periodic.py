"""When a job is due: the same answer for every worker, through the clock changes."""

import datetime as dt

import pytest

from barnet.kit import periodic

UTC = dt.UTC


@pytest.fixture
def register(monkeypatch):
    monkeypatch.setattr(periodic, "_jobs", {})
    return periodic.register


def job(register, **schedule) -> periodic.Job:
    register("test: job", lambda: None, **schedule)
    return periodic.job_of("test: job")


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=UTC)


def test_every_is_counted_from_the_same_moment_for_everybody(register):
    found = job(register, every=dt.timedelta(minutes=15))
    assert found.due_before(utc(2026, 11, 24, 10, 14, 59)) == utc(2026, 11, 24, 10)
    assert found.due_before(utc(2026, 11, 24, 10, 15)) == utc(2026, 11, 24, 10, 15)
    assert found.due_after(utc(2026, 11, 24, 10, 15)) == utc(2026, 11, 24, 10, 30)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(2026, 11, 24, 2, 29), utc(2026, 11, 23, 2, 30)),
        (utc(2026, 11, 24, 2, 30), utc(2026, 11, 24, 2, 30)),
        (utc(2026, 7, 1, 1, 30), utc(2026, 7, 1, 1, 30)),  # 2:30 in summer
        (utc(2026, 7, 1, 1, 29), utc(2026, 6, 30, 1, 30)),
    ],
)
def test_at_is_londons_time(register, now, due):
    assert job(register, at=dt.time(2, 30)).due_before(now) == due


def test_a_day_with_a_clock_change_has_one_due_moment(register):
    """On 29 March 2026 the clock skips 1:30, on 25 October it shows it twice."""
    found = job(register, at=dt.time(1, 30))
    for day, due in {29: utc(2026, 3, 29, 1, 30), 25: utc(2026, 10, 25, 0, 30)}.items():
        month = due.month
        moments = {found.due_before(utc(2026, month, day, hour, 59)) for hour in range(24)}
        assert sorted(moments)[-1] == due
        assert len([moment for moment in moments if moment.date() == due.date()]) == 1
        assert found.due_after(due) - due in {dt.timedelta(hours=23), dt.timedelta(hours=24), dt.timedelta(hours=25)}


def test_names_and_schedules_are_checked_when_registered(register):
    register("cases: overdue", lambda: None, every=dt.timedelta(hours=1))
    with pytest.raises(periodic.DuplicateJobError):
        register("cases: overdue", lambda: None, at=dt.time(2))
    for name, schedule in {
        "Loud Name": {"at": dt.time(2)},
        "x" * 101: {"at": dt.time(2)},
        "neither": {},
        "both": {"at": dt.time(2), "every": dt.timedelta(hours=1)},
        "too often": {"every": dt.timedelta(0)},
        "with zone": {"at": dt.time(2, tzinfo=UTC)},
    }.items():
        with pytest.raises(ValueError, match=r".+"):
            register(name, lambda: None, **schedule)
    assert [found.name for found in periodic.jobs()] == ["cases: overdue"]
    with pytest.raises(periodic.UnknownJobError):
        periodic.job_of("nobody")
