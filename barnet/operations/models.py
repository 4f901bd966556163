"""Runs of periodic jobs, tasks that were begun or given up, and what operators did about them."""

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.operations.enums import ParkReason, ParkState, RunState, TaskActKind

LONGEST_RETENTION = 100 * 365  # days


class PeriodicJob(models.Model):
    """How far a registered job is planned. Its row is locked while its next run is written."""

    name = models.CharField(max_length=100, primary_key=True)
    planned_until = models.DateTimeField()  # moments up to here have their run; first the moment when we met the job

    def __str__(self) -> str:
        return self.name


class PeriodicRun(models.Model):
    """One due moment of one job."""

    name = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)  # moves on when an attempt failed
    enqueued_at = models.DateTimeField(default=timezone.now)  # when a task was last written for it
    taker = models.CharField(max_length=60, blank=True)  # the worker's connection
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=500, blank=True)  # what it said it did
    error = models.CharField(max_length=500, blank=True)  # of the latest attempt that failed
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="periodic_run_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(state="running"), name="periodic_run_alone"),
        ]
        indexes = [
            models.Index(fields=["name", "-due_at"], name="periodic_run_latest"),
            models.Index(
                fields=["not_before"], condition=Q(state__in=["waiting", "running"]), name="periodic_run_open"
            ),
            models.Index(fields=["state", "-due_at"], name="periodic_run_state"),
        ]
        permissions = [
            ("view_tasks", "Can see what the worker does"),
            ("settle_tasks", "Can replay and discard tasks"),
        ]

    def __str__(self) -> str:
        return f"{self.name} due {self.due_at:%Y-%m-%d %H:%M}"


class TaskStart(models.Model):
    """A task that a worker has begun and not ended: it runs, or its worker died with it.

    The counter is ours because django-q2 counts only what fails in an orderly way: a task that kills its worker would
    be begun for ever.
    """

    task_id = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=100)
    function = models.CharField(max_length=256)
    worker = models.CharField(max_length=100)
    starts = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    time_limit = models.PositiveIntegerField(default=0)  # seconds

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="task_start_oldest")]

    def __str__(self) -> str:
        return self.name


class ParkedTask(models.Model):
    """A task that was given up, with what is needed to run it again."""

    task_id = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    function = models.CharField(max_length=256)
    payload = models.TextField()  # signed, as the queue held it
    reason = models.CharField(max_length=10, choices=ParkReason.choices)
    error = models.TextField(blank=True)  # where and how it failed, without what it was told
    starts = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ParkState.choices, default=ParkState.PARKED)
    parked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-parked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task_id"], condition=Q(state="parked"), name="parked_task_once")
        ]
        indexes = [models.Index(fields=["-parked_at"], condition=Q(state="parked"), name="parked_task_open")]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class TaskAct(models.Model):
    """What an operator did with a task, and why. Never edited."""

    act = models.CharField(max_length=10, choices=TaskActKind.choices)
    task_id = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=100)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="task_act_newest")]

    def __str__(self) -> str:
        return f"{self.act} {self.name}"


@pghistory.track()
class RetentionPeriod(models.Model):
    """How long one kind of record is kept, as the guardian of data decided. Every version is kept."""

    kind = models.SlugField(primary_key=True, max_length=50)
    days = models.PositiveIntegerField(
        _("Days"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION)]
    )
    reason = models.CharField(_("Why this long"), max_length=500)
    legal_basis = models.CharField(_("Legal basis"), max_length=300)
    is_edited = models.BooleanField(default=False, editable=False)
    changed_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LONGEST_RETENTION), name="retention_days_within_a_century"
            )
        ]

    def __str__(self) -> str:
        return self.kind


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class RetentionReport(models.Model):
    """What one run of the schedule did with one kind, or would have done. Never edited."""

    kind = models.SlugField(max_length=50)
    at = models.DateTimeField(default=timezone.now)
    is_dry_run = models.BooleanField()
    days = models.PositiveIntegerField()
    before = models.DateTimeField()  # what is older was due
    count = models.PositiveIntegerField()  # due when the run began
    oldest_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)  # dealt with
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "-at"], name="retention_report_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.done} of {self.count}"
