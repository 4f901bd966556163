from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    BOROUGH = "borough", _("Borough")
    WARD = "ward", _("Ward")


class PlaceKind(models.TextChoices):
    STREET = "street", _("Street")
    BUILDING = "building", _("Building or organisation")


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
