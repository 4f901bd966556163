"""What staff do to a back office. Read through `portal.cases.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
