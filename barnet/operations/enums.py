from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")  # for a worker, or for its next attempt
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Given up")  # after the last attempt
    SUPERSEDED = "superseded", _("Overtaken")  # the next due moment came before it succeeded
    SKIPPED = "skipped", _("Skipped")  # missed while no worker ran, and not to be caught up


class ParkReason(models.TextChoices):
    KILLED = "killed", _("Its worker died each time")
    FAILED = "failed", _("It failed each time")


class ParkState(models.TextChoices):
    PARKED = "parked", _("Given up")
    REPLAYED = "replayed", _("Replayed")
    DISCARDED = "discarded", _("Discarded")


class TaskActKind(models.TextChoices):
    REPLAY = "replay", _("Replayed")
    DISCARD = "discard", _("Discarded")
    RUN = "run", _("Started by hand")
