from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.TextChoices):
    """What a paper can prove."""

    IDENTITY = "identity", _("who somebody is")
    ADDRESS = "address", _("where they live")
    AGE = "age", _("their age")
    INCOME = "income", _("what they live on")
    DISABILITY = "disability", _("a disability")
