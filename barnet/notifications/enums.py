from django.db import models
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import MessageChannel, Topic

__all__ = ["FAILURES", "AttemptOutcome", "MessageChannel", "MessageState", "Receipt", "Topic", "Urgency"]


class Urgency(models.TextChoices):
    """How long a message may wait for a better moment."""

    NOW = "now", _("Now: neither quiet hours nor a summary hold it back")
    TODAY = "today", _("Today: quiet hours hold it back")
    WHENEVER = "whenever", _("Whenever: may come with the daily summary")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    HELD = "held", _("Waiting for the daily summary")
    SENT = "sent", _("Sent")
    COLLECTED = "collected", _("Sent with a daily summary")
    REPLACED = "replaced", _("Failed, sent another way")
    PARKED = "parked", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")  # before it was sent: what it would have told is no longer true


class AttemptOutcome(models.TextChoices):
    STARTED = "started", _("Started")  # committed before the call: fate unknown until settled
    DELIVERED = "delivered", _("Delivered to the channel")
    FAILED = "failed", _("Failed")
    LOST = "lost", _("Interrupted")  # the worker stopped before it could say
    POSTPONED = "postponed", _("Not yet: the provider's limit")


class Receipt(models.TextChoices):
    """What the provider said of a message after it had taken it."""

    NONE = "", _("Nothing yet")
    ON_ITS_WAY = "sending", _("On its way")
    DELIVERED = "delivered", _("Arrived")
    TEMPORARY_FAILURE = "temporary-failure", _("Did not arrive: the mailbox was full or the telephone off")
    TECHNICAL_FAILURE = "technical-failure", _("Did not arrive: a fault at the provider's")
    PERMANENT_FAILURE = "permanent-failure", _("Did not arrive: there is no such address or number")


FAILURES = frozenset({Receipt.TEMPORARY_FAILURE, Receipt.TECHNICAL_FAILURE, Receipt.PERMANENT_FAILURE})
