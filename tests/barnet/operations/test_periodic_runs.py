"""From a due moment to its one run: any number of workers, a downtime, a failure, a worker that dies."""

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone
from django_q.models import OrmQ

from barnet.kit import periodic
from barnet.operations import periodic_runs
from barnet.operations.enums import RunState
from barnet.operations.models import PeriodicJob, PeriodicRun

HOUR = dt.timedelta(hours=1)
NIGHT = dt.datetime(2026, 11, 24, 2, 30, tzinfo=dt.UTC)


class Ledger:
    """A job that notes each call, and fails as often as it is told."""

    def __init__(self) -> None:
        self.calls = 0
        self.failures = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            self.failures -= 1
            raise ValueError("the file is not there yet")
        return f"call {self.calls}"


@pytest.fixture
def only_job(monkeypatch):
    """`register` as the one job of this portal."""
    monkeypatch.setattr(periodic, "_jobs", {})

    def register(**schedule) -> Ledger:
        ledger = Ledger()
        periodic.register("test: ledger", ledger, **schedule)
        return ledger

    return register


def meet(at: dt.datetime) -> None:
    """The worker saw the job for the first time then."""
    periodic_runs.look(at)


def work() -> None:
    """What a worker does with the queue."""
    for task in list(OrmQ.objects.all()):
        assert task.func() == "barnet.operations.periodic_runs.execute"
        periodic_runs.execute(*task.task["args"])
        task.delete()


@pytest.mark.django_db(transaction=True)
def test_a_due_moment_is_run_once_however_often_we_look(only_job):
    ledger = only_job(at=dt.time(2, 30))
    meet(NIGHT - HOUR)
    assert [periodic_runs.look(NIGHT + dt.timedelta(seconds=s)) for s in (1, 2, 3)] == [1, 0, 0]
    work()
    run = PeriodicRun.objects.get()
    assert (ledger.calls, run.state, run.outcome, run.due_at) == (1, RunState.DONE, "call 1", NIGHT)
    assert periodic_runs.execute(run.pk) == "nothing to do"  # the queue brings an old task once more


@pytest.mark.django_db
def test_a_job_met_for_the_first_time_waits_for_its_next_moment(only_job):
    only_job(at=dt.time(2, 30))
    assert periodic_runs.look(NIGHT + 5 * HOUR) == 0
    assert periodic_runs.look(NIGHT + 25 * HOUR) == 1


@pytest.mark.django_db
def test_after_a_downtime_the_latest_missed_moment_is_caught_up_once(only_job):
    only_job(at=dt.time(2, 30))
    meet(NIGHT - HOUR)
    back = NIGHT + dt.timedelta(days=5, hours=9)
    assert periodic_runs.look(back) == 1
    assert periodic_runs.look(back + dt.timedelta(seconds=30)) == 0
    assert PeriodicRun.objects.get().due_at == NIGHT + dt.timedelta(days=5)


@pytest.mark.django_db
def test_a_job_that_is_not_caught_up_is_recorded_as_skipped(only_job):
    only_job(at=dt.time(2, 30), catch_up=False)
    meet(NIGHT - HOUR)
    assert periodic_runs.look(NIGHT + HOUR) == 0
    assert PeriodicRun.objects.get().state == RunState.SKIPPED
    assert periodic_runs.look(NIGHT + dt.timedelta(days=1, seconds=30)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_recorded_and_tried_again_later_and_later_then_given_up(only_job):
    ledger = only_job(at=dt.time(2, 30))
    ledger.failures = 9
    start = timezone.now()
    meet(start)
    [job] = periodic.jobs()
    due = job.due_after(start)
    periodic_runs.look(due)
    pauses = []
    for _attempt in range(5):
        PeriodicRun.objects.update(not_before=timezone.now(), enqueued_at=timezone.now() - HOUR)
        OrmQ.objects.all().delete()
        periodic_runs.look(timezone.now())
        work()
        run = PeriodicRun.objects.get()
        pauses.append(round((run.not_before - timezone.now()).total_seconds() / 60))
        assert run.error == "ValueError: the file is not there yet"
    assert pauses[:4] == [1, 5, 15, 60]
    assert (run.state, run.attempt_count, ledger.calls) == (RunState.FAILED, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_a_retry_gives_way_to_the_next_due_moment(only_job):
    ledger = only_job(every=HOUR)
    ledger.failures = 1
    meet(NIGHT)
    periodic_runs.look(NIGHT + HOUR)
    work()
    periodic_runs.look(NIGHT + 2 * HOUR)
    work()
    states = list(PeriodicRun.objects.order_by("due_at").values_list("state", flat=True))
    assert states == [RunState.SUPERSEDED, RunState.DONE]


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_is_gone_is_tried_again(only_job):
    only_job(every=HOUR)
    meet(NIGHT)
    periodic_runs.look(NIGHT + HOUR)
    run = periodic_runs.take(PeriodicRun.objects.get().pk)
    periodic_runs.look(NIGHT + HOUR)
    assert PeriodicRun.objects.get().state == RunState.RUNNING  # its connection lives: ours
    PeriodicRun.objects.update(taker="1@1")
    periodic_runs.look(NIGHT + HOUR)
    found = PeriodicRun.objects.get()
    assert (found.state, found.error) == (RunState.WAITING, "The worker stopped before it was done.")
    periodic_runs.record_done(run, "too late")  # a worker that was only asleep
    assert PeriodicRun.objects.get().state == RunState.WAITING


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_job_never_overlap(only_job):
    ledger = only_job(every=HOUR)
    meet(NIGHT)
    periodic_runs.look(NIGHT + HOUR)
    first = periodic_runs.take(PeriodicRun.objects.get().pk)
    periodic_runs.look(NIGHT + 2 * HOUR)
    second = PeriodicRun.objects.latest("due_at")
    assert second.pk != first.pk
    assert periodic_runs.execute(second.pk) == "nothing to do"
    with pytest.raises(RuntimeError, match="running already"):
        periodic_runs.run_by_hand(periodic.job_of("test: ledger"))
    with pytest.raises(IntegrityError):
        PeriodicRun.objects.filter(pk=second.pk).update(state=RunState.RUNNING)
    periodic_runs.record_done(first, "")
    assert periodic_runs.execute(second.pk) == "done"
    assert ledger.calls == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_workers_that_look_at_once_write_one_run(only_job, monkeypatch, is_locked):
    """With the lock and the key off (`is_locked=False`), the double does occur: they are what prevents it."""
    only_job(every=HOUR)
    meet(NIGHT)
    together = threading.Barrier(4)
    plan = periodic_runs.plan

    def plan_at_once(job, now):
        together.wait(timeout=10)
        return plan(job, now)

    monkeypatch.setattr(periodic_runs, "plan", plan_at_once)
    if not is_locked:
        read = threading.Barrier(4)
        objects = PeriodicJob.objects

        class Unlocked:
            bulk_create, filter, values_list = objects.bulk_create, objects.filter, objects.values_list

            def select_for_update(self):
                return self

            def get(self, **keys):
                row = objects.get(**keys)
                read.wait(timeout=10)
                return row

        monkeypatch.setattr(PeriodicJob, "objects", Unlocked())
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE operations_periodicrun DROP CONSTRAINT periodic_run_once")
    counts = []

    def look():
        counts.append(periodic_runs.look(NIGHT + HOUR))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        runs = PeriodicRun.objects.count()
    finally:
        if not is_locked:
            PeriodicRun.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE operations_periodicrun ADD CONSTRAINT periodic_run_once UNIQUE (name, due_at)"
                )
    assert (runs, sum(counts)) == ((1, 1) if is_locked else (4, 4))


@pytest.mark.django_db(transaction=True)
def test_command_runs_one_by_hand_and_tells_what_went_wrong(only_job, capsys):
    ledger = only_job(at=dt.time(2, 30))
    call_command("run_periodic", "test: ledger")
    assert capsys.readouterr().out == "Done: call 1.\n"
    ledger.failures = 1
    with pytest.raises(CommandError, match="Failed: ValueError: the file is not there yet"):
        call_command("run_periodic", "test: ledger")
    assert list(PeriodicRun.objects.values_list("state", flat=True)) == [RunState.FAILED, RunState.DONE]
    call_command("run_periodic", "--list")
    assert capsys.readouterr().out.startswith("test: ledger: last given up ")
    for words in ([], ["nobody"]):
        with pytest.raises(CommandError, match="--list"):
            call_command("run_periodic", *words)
