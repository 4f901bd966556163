from django.db import models
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import MessageChannel, Topic

__all__ = ["AttemptOutcome", "MessageChannel", "MessageState", "Topic", "Urgency"]


class Urgency(models.TextChoices):
    """How long a message may wait for a better moment."""

    NOW = "now", _("Now: neither quiet hours nor a summary hold it back")
    TODAY = "today", _("Today: quiet hours hold it back")
    WHENEVER = "whenever", _("Whenever: may come with the daily summary")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")  # before it was sent: what it would have told is no longer true


class AttemptOutcome(models.TextChoices):
    STARTED = "started", _("Started")  # committed before the call: fate unknown until settled
    DELIVERED = "delivered", _("Delivered to the channel")
    FAILED = "failed", _("Failed")
    LOST = "lost", _("Interrupted")  # the worker stopped before it could say
