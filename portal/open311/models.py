"""Which services are open to Open311, and the requests that came through it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.api.api_keys import ApiKey
from portal.cases.models import Case


class About(models.TextChoices):
    """What a request of the service is about: it decides how exactly its place is told to everybody."""

    STREET = "street", _("Something in a street or park: its place is told exactly")
    HOME = "home", _("Something at a home: only the street is told")


class OpenService(models.Model):
    """A service is closed to this API unless it has a row."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=6, choices=About.choices)
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    group = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["service__name"]

    def __str__(self) -> str:
        return str(self.service)


class OpenReport(models.Model):
    """A case that came through this API. Only such cases are told to everybody."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.CharField(max_length=6, choices=About.choices)  # as the service said when it came
    received_at = models.DateTimeField(default=timezone.now)
    description = models.TextField(max_length=4000, blank=True)
    # Addresses of pictures elsewhere. We keep them as text: nothing of ours ever fetches them.
    media_urls = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    is_released = models.BooleanField(default=False)  # staff read the words and pictures: no personal data is in them

    class Meta:
        indexes = [models.Index(fields=["-received_at", "-case"], name="open311_newest")]

    def __str__(self) -> str:
        return str(self.case_id)
