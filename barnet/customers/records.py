"""What is written once and never changed about people's sign-in: who joined, moved and left the staff, how surely
providers knew who signed in, and what was refused."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from barnet.customers.enums import Confidence, StaffChange, StaffSource

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


@pgtrigger.register(APPEND_ONLY)
class StaffEvent(models.Model):
    """Somebody joined, moved or left: which roles before and after, who did it, how, and why. Never edited."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=StaffChange.choices)
    roles_before = ArrayField(models.CharField(max_length=40), default=list)
    roles = ArrayField(models.CharField(max_length=40), default=list)
    source = models.CharField(max_length=10, choices=StaffSource.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.CharField(max_length=150)  # in words: a command has an operator, not a login
    reason = models.CharField(max_length=300, blank=True)
    handed_back = models.CharField(max_length=300, blank=True)  # what a leaver's work became
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="staff_event_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"


@pgtrigger.register(APPEND_ONLY)
class IdentityCheck(models.Model):
    """How surely a provider knew who signed in: one row for each sign-in, never edited. Holds no name and no token."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=40)  # its name on the button
    issuer = models.CharField(max_length=200)
    confidence = models.CharField(max_length=2, choices=Confidence.choices, default=Confidence.P0)
    credential = models.CharField(max_length=20, blank=True)  # "Cl.Cm": by password and by a second step
    is_proved = models.BooleanField(default=False)  # a signed proof of identity came with it, and was right
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="identity_by_customer")]

    def __str__(self) -> str:
        return f"{self.provider}: {self.confidence}"


@pgtrigger.register(APPEND_ONLY)
class SignOnRefusal(models.Model):
    """A sign-in with a provider that was refused, and why. Never edited."""

    provider = models.CharField(max_length=10)
    issuer = models.CharField(max_length=200)
    reason = models.CharField(max_length=12)
    detail = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)  # as in the logs
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="sign_on_refusal_at")]

    def __str__(self) -> str:
        return f"{self.provider}: {self.reason}"
