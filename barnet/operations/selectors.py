"""What an operator sees: the queue, the workers, what is stuck, what was given up, and the periodic jobs."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task

from barnet.kit import periodic
from barnet.kit.periodic import Job
from barnet.notifications.health import LONGEST_SILENCE
from barnet.notifications.models import Pulse
from barnet.operations.enums import ParkState, RunState
from barnet.operations.models import ParkedTask, PeriodicRun, TaskAct, TaskStart

CAP = 10_000  # a longer queue is not counted to its end
SHOWN = 50
FORGET_WORKERS = dt.timedelta(days=7)
_LIMIT = ExpressionWrapper(
    F("time_limit") * Value(dt.timedelta(seconds=1)) + Value(dt.timedelta(seconds=10)), output_field=DurationField()
)


@dataclass(frozen=True)
class QueueLength:
    waiting: int
    oldest_at: dt.datetime | None  # None where the queue does not tell

    @property
    def is_capped(self) -> bool:
        return self.waiting >= CAP


@dataclass(frozen=True)
class JobState:
    job: Job
    latest: PeriodicRun | None
    next_at: dt.datetime


def queue_length() -> QueueLength:
    if settings.QUEUE == "redis":
        return QueueLength(min(get_broker().queue_size(), CAP), None)
    waiting = OrmQ.objects.filter(lock__lte=timezone.now())
    oldest = waiting.order_by("lock").values_list("lock", flat=True).first()
    return QueueLength(waiting[:CAP].count(), oldest)


def workers() -> list[tuple[Pulse, bool]]:
    """Those of the last week, and whether each is alive."""
    now = timezone.now()
    pulses = Pulse.objects.filter(beat_at__gte=now - FORGET_WORKERS).order_by("name")
    return [(pulse, now - pulse.beat_at <= LONGEST_SILENCE) for pulse in pulses[:SHOWN]]


def running() -> QuerySet[TaskStart]:
    return TaskStart.objects.filter(started_at__gte=Now() - _LIMIT).order_by("started_at")


def stuck() -> QuerySet[TaskStart]:
    """Begun longer ago than it may take: its worker died with it."""
    return TaskStart.objects.filter(started_at__lt=Now() - _LIMIT).order_by("started_at")


def failing() -> QuerySet[Task]:
    """Failed, and will be tried again."""
    return Task.objects.filter(success=False).defer("args", "kwargs", "result").order_by("-stopped")


def given_up() -> QuerySet[ParkedTask]:
    return ParkedTask.objects.filter(state=ParkState.PARKED).defer("payload", "error")


def parked_task(pk: int) -> ParkedTask:
    """The door for operators; the view has asked for the right."""
    try:
        return ParkedTask.objects.get(pk=pk)
    except ParkedTask.DoesNotExist:
        raise Http404 from None


def acts() -> QuerySet[TaskAct]:
    return TaskAct.objects.select_related("by")


def job_states(now: dt.datetime | None = None) -> list[JobState]:
    now = now or timezone.now()
    latest = {run.name: run for run in PeriodicRun.objects.order_by("name", "-due_at").distinct("name")}
    jobs = sorted(periodic.jobs(), key=lambda job: job.name)
    return [JobState(job, latest.get(job.name), job.due_after(now)) for job in jobs]


def troubled_runs() -> QuerySet[PeriodicRun]:
    """Given up, or waiting for another attempt."""
    return PeriodicRun.objects.filter(Q(state=RunState.FAILED) | Q(state=RunState.WAITING, attempt_count__gt=0))
