"""The fixed words of delivering."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")
    LEFT_OUT = "left_out", _("Left out")  # by staff, or the office told us of it itself


# What comes after one of these for the same request waits for it.
NOT_DONE = [DeliveryState.WAITING, DeliveryState.GIVEN_UP]


class AttemptOutcome(models.TextChoices):
    STARTED = "started", _("Started")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    LOST = "lost", _("The worker stopped")


class OfficeAct(models.TextChoices):
    """What somebody did to the settings of an office."""

    MADE = "made", _("Made")
    CHANGED = "changed", _("Changed")
    SECRET = "secret", _("Got another secret")
    TRIED = "tried", _("A test was sent")
    ANSWERED = "answered", _("The test was answered")


class OfficeStatus(models.TextChoices):
    """What an office says of a request."""

    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    NOTE = "note", _("Note")


class UpdateResult(models.TextChoices):
    APPLIED = "applied", _("Applied")
    LATE = "late", _("Came after something newer: kept as a note")
    WAITING = "waiting", _("Waits for the one before it")
    KEPT = "kept", _("The request could not go there: kept as a note")
