"""The contact log, the reasons that staff choose from, and whom an unknown caller turned out to be."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer
from portal.cases.enums import ContactOutcome
from portal.cases.models.cases import Case
from portal.cases.models.guards import APPEND_ONLY


class ContactReason(models.Model):
    """Why people contact us. The list is staff's: a reason that is no longer used is taken off it, never deleted."""

    name = models.CharField(max_length=80, unique=True)
    is_avoidable = models.BooleanField(
        default=False, help_text="Such a contact would not have been needed if we had done well."
    )
    is_offered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(APPEND_ONLY)
class Contact(models.Model):
    """The contact log: every time that somebody reached us or we served them, in every channel. Never edited."""

    at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    right = models.CharField(max_length=10, choices=Right.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    summary = models.CharField(max_length=300)
    submission_key = models.CharField(max_length=64, blank=True, editable=False)  # the filled form that made it
    # What staff note besides; of a contact that the portal wrote by itself nothing is known of it.
    reason = models.ForeignKey(
        ContactReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=12, choices=ContactOutcome.choices, blank=True, default="", db_default="")
    is_settled = models.BooleanField(null=True)  # resolved at this first contact
    is_avoidable = models.BooleanField(null=True)  # had we done well, nobody would have had to contact us
    caller = models.CharField(max_length=150, blank=True, default="", db_default="")  # who they said they were

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission_key"], condition=~Q(submission_key=""), name="contact_once_per_submission"
            )
        ]
        indexes = [
            models.Index(fields=["subject", "-at"], name="contact_subject"),
            models.Index(fields=["case", "-at"], name="contact_case"),
            models.Index(fields=["-at", "-id"], name="contact_newest"),
            models.Index(fields=["channel", "-at", "-id"], name="contact_channel"),
            models.Index(fields=["reason", "-at", "-id"], name="contact_reason"),
            models.Index(fields=["-at", "-id"], condition=Q(subject=None), name="contact_of_nobody"),
        ]

    def __str__(self) -> str:
        return self.summary


@pghistory.track()
class ContactPerson(models.Model):
    """Whose contact it was, found out later: the log is not edited, and a wrong guess is put right here."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="person")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.customer}"
