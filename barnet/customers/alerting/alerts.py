"""Alerts to staff about a customer, such as "visit in pairs": who placed it, why, its review and its end."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    IN_PAIRS = "in_pairs", _("Visit in pairs")
    NO_VISIT = "no_visit", _("Do not visit: they come to us")
    CALL_FIRST = "call_first", _("Call before a visit")
    ANIMAL = "animal", _("An animal on the premises")
    OTHER = "other", _("Take care")


@pghistory.track()
class Alert(models.Model):
    """Ended or expired, it stays for the record until retention takes it. One that goes on is placed anew."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=12, choices=AlertKind.choices)
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    review_on = models.DateField()
    expires_on = models.DateField()  # the last day on which it is shown
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__lte=F("expires_on")) & ~Q(reason=""), name="alert_reviewed_before_it_expires"
            )
        ]
        indexes = [models.Index(fields=["review_on", "id"], condition=Q(ended_at=None), name="alert_review")]

    def __str__(self) -> str:
        return str(AlertKind(self.kind).label)
