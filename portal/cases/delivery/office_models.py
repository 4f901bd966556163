"""What staff do to a back office. Read through `portal.cases.models`."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.cases.delivery.enums import OfficeAct

LONGEST_REASON = 300


class OfficePauseQuerySet(models.QuerySet["OfficePause"]):
    def open(self) -> "OfficePauseQuerySet":
        return self.filter(ended_at=None)


class OfficePause(models.Model):
    """From one moment to another an office is told nothing, and what happens is noted for it."""

    office = models.ForeignKey("cases.BackOffice", on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    began_at = models.DateTimeField(default=timezone.now)
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfficePauseQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["office"], condition=Q(ended_at=None), name="office_one_pause"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="office_pause_ended_by_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="office_pause_has_reason"),
        ]
        indexes = [models.Index(fields=["office", "-began_at"], name="office_pauses_of")]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.reason}"


class EndingSecret(models.Model):
    """One that was replaced, and counts for a while yet: the other side has to put the new one in."""

    office = models.ForeignKey("cases.BackOffice", on_delete=models.CASCADE, related_name="ending_secrets")
    sealed = models.TextField(editable=False)
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]  # the one that was replaced last comes first

    def __str__(self) -> str:
        return f"{self.office_id}: until {self.ends_at}"


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class OfficeChange(models.Model):
    """Who set what of an office, and when. Never a secret. Without `by` it was an operator, by command."""

    office = models.ForeignKey("cases.BackOffice", on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    act = models.CharField(max_length=10, choices=OfficeAct.choices)
    words = models.TextField(blank=True)  # a line for each thing that changed
    submission_key = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["office", "-at", "-id"], name="office_changes_of"),
            models.Index(fields=["at"], name="office_changes_on"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.act}"
