"""A visit at which somebody of ours helps: for whom, why, and everything that happened to the screen.
Read through `barnet.customers.models`."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import VisitEventKind
from barnet.customers.records import APPEND_ONLY


class AssistedVisit(models.Model):
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who began it
    purpose = models.CharField(max_length=100)
    begun_at = models.DateTimeField(default=timezone.now, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("assisted visit")
        indexes = [models.Index(fields=["customer", "-begun_at"], name="visit_by_customer")]

    def __str__(self) -> str:
        return f"visit {self.pk}"


@pgtrigger.register(APPEND_ONLY)
class VisitEvent(models.Model):
    """Who had the screen from when on. Never edited."""

    visit = models.ForeignKey(AssistedVisit, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=VisitEventKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)  # as in the logs

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["visit", "at"], name="visit_events")]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.kind}"
