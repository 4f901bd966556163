"""Who works on requests together."""

from django.conf import settings
from django.db import models

from portal.cases.enums import TeamKind


class Team(models.Model):
    """People who work a queue together, or a crew on the street."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=TeamKind.choices, default=TeamKind.OFFICE)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
