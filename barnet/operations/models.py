"""Runs of periodic jobs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from barnet.operations.enums import RunState


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
