"""Who works on requests together."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.gazetteer.models import Area
from portal.cases.enums import TeamKind


class Team(models.Model):
    """People who work a queue together, or a crew on the street."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=TeamKind.choices, default=TeamKind.OFFICE)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")
    services = models.ManyToManyField(
        Service,
        blank=True,
        related_name="+",
        verbose_name=_("services"),
        help_text=_("Who is in no other team sees requests of these services only. None: of every service."),
    )
    wards = models.ManyToManyField(
        Area,
        blank=True,
        related_name="+",
        verbose_name=_("wards"),
        help_text=_("Who is in no other team sees requests in these wards only. None: in the whole borough."),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
