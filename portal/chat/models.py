"""Who is there now. Rows are overwritten; nothing is kept of yesterday."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.cases.models import Case

ON_DUTY_FOR = dt.timedelta(minutes=5)  # after the last sign of the adviser's page
LISTENING_FOR = dt.timedelta(seconds=30)  # after the last sign of the customer's page


class Duty(models.Model):
    """An adviser who answers conversations now."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "duties"
        indexes = [models.Index(fields=["seen_at"], name="duty_seen")]
        permissions = [("answer_chat", "Can answer customers in the chat")]

    def __str__(self) -> str:
        return str(self.user)


class Listener(models.Model):
    """A customer who has the conversation open: no e-mail for each line."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.case_id)
