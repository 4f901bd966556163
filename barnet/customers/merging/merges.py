"""That two records were merged, and everything that is needed to undo it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class CustomerMerge(models.Model):
    """`merged` lives on as `kept`. `moved`: {"app.Model.field": [keys]} of what went over; `cleared`: flags taken.
    `filled`: {"phone": {"made": [keys], "raised": [], "lowered": []}}: what was empty, and the points that followed.
    """

    kept = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=dict)
    cleared = models.JSONField(default=dict)
    filled = models.JSONField(default=dict, db_default={})
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"
