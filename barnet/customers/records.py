"""What is written once and never changed about people's sign-in: who joined, moved and left the staff."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from barnet.customers.enums import StaffChange, StaffSource

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
