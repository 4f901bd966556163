"""How requests hang together, and who was called to one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.cases.enums import RelationKind


class CaseRelation(models.Model):
    """`one` is a duplicate of `other`, a part that was taken out of it, or related to it.

    `moved`, of a duplicate: the followers that went to `other` with it and the one that was made there, so that it can
    be taken apart again.
    """

    kind = models.CharField(max_length=10, choices=RelationKind.choices)
    one = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)  # {"followers": [4, 5], "made": 6}
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="relation_once"),
            models.UniqueConstraint(fields=["one"], condition=Q(kind="duplicate"), name="duplicate_of_one_request"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="relation_of_two_requests"),
            models.CheckConstraint(
                condition=~Q(kind="related") | Q(one__lt=F("other")), name="related_older_one_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"


class NotTheSame(models.Model):
    """Somebody looked at two requests: they are not the same. They are not suggested to anybody again."""

    one = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_the_same_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="not_the_same_older_one_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Mention(models.Model):
    """A note calls a colleague to a request."""

    entry = models.ForeignKey("cases.TimelineEntry", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="mention_once")]
        indexes = [models.Index(fields=["person", "seen_at"], name="mention_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.entry_id}"
