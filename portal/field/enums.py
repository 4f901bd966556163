from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    PLANNED = "planned", _("To do")
    DONE = "done", _("Done")
    COULD_NOT = "could_not", _("Could not be done")


class Moment(models.TextChoices):
    """When a photo of a job was taken."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
