"""The code with which somebody who made a request without an account joins it to theirs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ClaimCode(models.Model):
    """One row a case: the code that was made last. Of the code itself only a slow hash is kept."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="claim_code")
    code_hash = models.CharField(max_length=128)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="claim_used_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"claim code of {self.case_id}"
