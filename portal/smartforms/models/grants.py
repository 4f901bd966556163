"""Which forms another system may fill in through the API, and how often."""

from django.db import models
from django.utils import timezone

from barnet.customers.api.api_keys import ApiKey
from barnet.customers.enums import Channel
from portal.smartforms.models.forms import SmartForm


class ApiGrant(models.Model):
    """A key opens only the forms that it was granted, so many times a day. `channel`: how people reach us there."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    form = models.ForeignKey(SmartForm, on_delete=models.CASCADE, related_name="+")
    starts_a_day = models.PositiveIntegerField(default=200)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.WEB)
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "form"], name="api_grant_once")]
        verbose_name = "form that a key opens"

    def __str__(self) -> str:
        return f"{self.api_key_id}: {self.form_id}"
