"""One act on many requests: what became of each."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class BulkAct(models.Model):
    """Written once for a filled form, so that the same form a second time goes on where the first stopped."""

    submission_key = models.CharField(max_length=64, unique=True, editable=False)
    act = models.CharField(max_length=20)  # the address of the act
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["at"], name="bulk_act_at")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"


class BulkActResult(models.Model):
    """Of one request, in the transaction of the act. `refusal` is empty when it was done."""

    bulk_act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="results")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["bulk_act", "case"], name="bulk_act_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.refusal or 'done'}"
