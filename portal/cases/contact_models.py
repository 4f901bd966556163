"""What beside the contact log itself belongs to it: the reasons that staff choose from, and whom an unknown caller
turned out to be."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone

from barnet.customers.models import Customer


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


@pghistory.track()
class ContactPerson(models.Model):
    """Whose contact it was, found out later: the log is not edited, and a wrong guess is put right here."""

    contact = models.OneToOneField("cases.Contact", on_delete=models.CASCADE, related_name="person")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.customer}"
