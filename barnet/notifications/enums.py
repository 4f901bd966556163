from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    INBOX = "inbox", _("My Account inbox")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Given up")


class AttemptOutcome(models.TextChoices):
    STARTED = "started", _("Started")  # committed before the call: fate unknown until settled
    DELIVERED = "delivered", _("Delivered to the channel")
    FAILED = "failed", _("Failed")
    LOST = "lost", _("Interrupted")  # the worker stopped before it could say
