"""Staff ask for more through the form in which somebody sent their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.smartforms.models.drafts import Draft
from portal.smartforms.models.submissions import Submission


class AskedState(models.TextChoices):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MoreAsked(models.Model):
    """Some questions of a form that was sent, to be answered again or for the first time. One is open at a time.

    `draft` is the filling-in of these questions alone, in the version that was sent: the same runner, door and pages.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="asked")
    draft = models.OneToOneField(Draft, null=True, on_delete=models.SET_NULL, related_name="more_asked")
    questions = models.JSONField()  # keys of questions, and of the steps of groups
    why = models.CharField(max_length=1000)  # as the customer reads it
    state = models.CharField(max_length=10, choices=AskedState.choices, default=AskedState.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)  # of the page that asked

    class Meta:
        ordering = ["-asked_at"]
        constraints = [models.UniqueConstraint(fields=["submission"], condition=Q(state="open"), name="asked_one_open")]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="asked_expiry")]

    def __str__(self) -> str:
        return f"{self.submission_id}, {self.asked_at}"

    @property
    def is_open(self) -> bool:
        return self.state == AskedState.OPEN
