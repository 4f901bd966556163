"""From a due moment to its one run.

1. plan     Under the lock of the job's row a run is written for the latest due moment, with its task. Of any number of
            workers that look at once, one writes it; the unique key (name, due_at) stands behind the lock.
2. take     Compare-and-swap: one worker gets the run, and its attempt is committed before the function is called. A
            partial unique index refuses a second run of the same job meanwhile.
3. run      The function, under the job's time limit.
4. record   Done; or waiting for the next attempt; or given up after the fifth. Only whoever holds the attempt records.

A run whose worker is gone is known by the worker's database connection, and counts as a failed attempt.
"""

import datetime as dt
import time
from collections.abc import Callable

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from barnet.customers.models import User
from barnet.kit import periodic
from barnet.kit.connections import living_connections, own_connection
from barnet.kit.periodic import Job
from barnet.notifications.heartbeat import beating
from barnet.operations.enums import RunState, TaskActKind
from barnet.operations.models import PeriodicJob, PeriodicRun, TaskAct

MAX_ATTEMPTS = 5
BACK_OFF = [dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=15), dt.timedelta(hours=1)]
LOST_AFTER = dt.timedelta(minutes=1)  # a task that was not run by then is written again
RECORDING_PAUSES = [0.1, 1, 5]  # seconds

log = structlog.get_logger("barnet.periodic")


def look(now: dt.datetime | None = None) -> int:
    """The worker's supervisor asks this every few seconds. Returns how many runs got a task."""
    now = now or timezone.now()
    _close_interrupted()
    planned = dict(PeriodicJob.objects.values_list("name", "planned_until"))
    due = [job for job in periodic.jobs() if job.name not in planned or planned[job.name] < job.due_before(now)]
    return sum(plan(job, now) for job in due) + _enqueue_forgotten(now)


# --- 1. plan ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan(job: Job, now: dt.datetime) -> bool:
    """A job that we meet for the first time waits for its next moment: what was before, nobody asked for."""
    due = job.due_before(now)
    PeriodicJob.objects.bulk_create([PeriodicJob(name=job.name, planned_until=now)], ignore_conflicts=True)
    row = PeriodicJob.objects.select_for_update().get(name=job.name)
    if row.planned_until >= due:
        return False
    PeriodicJob.objects.filter(name=job.name).update(planned_until=due)
    if not job.catch_up and job.is_missed(due, now):
        PeriodicRun.objects.create(name=job.name, due_at=due, state=RunState.SKIPPED, ended_at=now)
        log.warning("periodic run skipped", job=job.name, due_at=due.isoformat())
        return False
    PeriodicRun.objects.filter(name=job.name, state=RunState.WAITING).update(state=RunState.SUPERSEDED, ended_at=now)
    run = PeriodicRun.objects.create(name=job.name, due_at=due, not_before=now, enqueued_at=now)
    _enqueue(run)
    return True


@transaction.atomic
def ask_for(job: Job, *, by: User) -> bool:
    """An operator wants a run now. False: one is waiting or running already, so that asking twice runs once."""
    now = timezone.now()
    PeriodicJob.objects.bulk_create([PeriodicJob(name=job.name, planned_until=now)], ignore_conflicts=True)
    PeriodicJob.objects.select_for_update().get(name=job.name)
    if PeriodicRun.objects.filter(name=job.name, state__in=[RunState.WAITING, RunState.RUNNING]).exists():
        return False
    _enqueue(PeriodicRun.objects.create(name=job.name, due_at=now, not_before=now, enqueued_at=now))
    TaskAct.objects.create(act=TaskActKind.RUN, name=job.name, by=by)
    return True


def _enqueue(run: PeriodicRun) -> None:
    timeout = periodic.job_of(run.name).timeout
    async_task("barnet.operations.periodic_runs.execute", run.pk, task_name=f"periodic-{run.pk}", timeout=timeout)


def _enqueue_forgotten(now: dt.datetime) -> int:
    """Retries whose time has come, and runs whose task was lost."""
    forgotten = PeriodicRun.objects.filter(
        Q(enqueued_at__lt=F("not_before")) | Q(enqueued_at__lt=now - LOST_AFTER),
        state=RunState.WAITING,
        not_before__lte=now,
        name__in=[job.name for job in periodic.jobs()],
    )
    return sum(_enqueue_again(run, now) for run in forgotten)


@transaction.atomic
def _enqueue_again(run: PeriodicRun, now: dt.datetime) -> bool:
    """Compare-and-swap: of two workers that look, one writes the task."""
    is_ours = PeriodicRun.objects.filter(
        pk=run.pk, state=RunState.WAITING, enqueued_at=run.enqueued_at, not_before=run.not_before
    ).update(enqueued_at=now)
    if is_ours:
        _enqueue(run)
    return bool(is_ours)


# --- 2. take, 3. run --------------------------------------------------------------------------------------------------


def execute(run_pk: int) -> str:
    """The task. It may come twice, late, or beside its twin: whoever finds nothing to take does nothing."""
    run = take(run_pk)
    if run is None:
        return "nothing to do"
    bound = structlog.contextvars.bound_contextvars(job=run.name, due_at=run.due_at.isoformat())
    with bound, beating():
        return _run(run)


def run_by_hand(job: Job) -> PeriodicRun:
    """A run of now, in this process, on the same record. Raises RuntimeError while the job is running elsewhere."""
    run = PeriodicRun.objects.create(name=job.name, due_at=timezone.now(), is_by_hand=True)
    taken = take(run.pk)
    if taken is None:
        run.delete()
        raise RuntimeError(f"{job.name} is running already.")
    _run(taken)
    run.refresh_from_db()
    return run


@transaction.atomic(durable=True)
def take(run_pk: int) -> PeriodicRun | None:
    now = timezone.now()
    waiting = PeriodicRun.objects.filter(pk=run_pk, state=RunState.WAITING, not_before__lte=now)
    try:
        with transaction.atomic():
            taken = waiting.update(
                state=RunState.RUNNING, attempt_count=F("attempt_count") + 1, started_at=now, taker=own_connection()
            )
    except IntegrityError:  # another run of this job is not over: the next look brings this one again
        return None
    return PeriodicRun.objects.get(pk=run_pk) if taken else None


def _run(run: PeriodicRun) -> str:
    try:
        said = periodic.job_of(run.name).function()
    except Exception as error:
        log.exception("periodic run failed", attempt=run.attempt_count)
        _record_failure_surely(run, error)
        return "failed"
    except BaseException as end:  # its time is over, or the worker is told to stop at once
        _record_failure_surely(run, end)
        raise
    _through_a_broken_connection(lambda: record_done(run, said if isinstance(said, str) else ""))
    return "done"


# --- 4. record --------------------------------------------------------------------------------------------------------


def record_done(run: PeriodicRun, said: str) -> None:
    now = timezone.now()
    held = _held(run).update(state=RunState.DONE, ended_at=now, outcome=said[:500])
    if held:
        log.info("periodic run done", job=run.name, said=said)


def record_failure(run: PeriodicRun, reason: str) -> None:
    now = timezone.now()
    if run.is_by_hand or run.attempt_count >= MAX_ATTEMPTS:
        _held(run).update(state=RunState.FAILED, ended_at=now, error=reason[:500])
        log.error("periodic run given up", job=run.name, attempts=run.attempt_count)
        return
    pause = BACK_OFF[run.attempt_count - 1]
    _held(run).update(state=RunState.WAITING, not_before=now + pause, error=reason[:500])


def _record_failure_surely(run: PeriodicRun, error: BaseException) -> None:
    reason = f"{type(error).__name__}: {error}"
    _through_a_broken_connection(lambda: record_failure(run, reason))


def _held(run: PeriodicRun) -> QuerySet[PeriodicRun]:
    return PeriodicRun.objects.filter(pk=run.pk, state=RunState.RUNNING, attempt_count=run.attempt_count)


def _close_interrupted() -> None:
    running = list(PeriodicRun.objects.filter(state=RunState.RUNNING))
    if not running:
        return
    alive = living_connections()
    for run in running:
        if run.taker not in alive:
            record_failure(run, "The worker stopped before it was done.")


def _through_a_broken_connection(record: Callable[[], None]) -> None:
    for pause in RECORDING_PAUSES:
        try:
            return record()
        except (OperationalError, InterfaceError):
            log.warning("periodic run not recorded yet", exc_info=True)
            connection.close()
            time.sleep(pause)
    return record()
