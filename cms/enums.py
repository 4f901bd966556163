from django.db import models
from django.utils.translation import gettext_lazy as _


class AnnouncementLevel(models.TextChoices):
    """How loudly the home page says it. The word is shown with it, so that nobody depends on the colour."""

    NEWS = "news", _("Good to know")
    DISRUPTION = "disruption", _("Disruption")
    EMERGENCY = "emergency", _("Emergency")
