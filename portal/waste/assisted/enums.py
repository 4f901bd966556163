from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    """Why somebody cannot bring the bins out: as little as the decision takes."""

    CANNOT_MOVE = "cannot_move", _("I cannot move the bins")
    THE_WAY = "the_way", _("I cannot manage the way, for example steps or a slope")
    FOR_A_TIME = "for_a_time", _("I cannot do it for a time, for example after an operation")
    OTHER = "other", _("Something else")


class Standing(models.TextChoices):
    """Where the bins stand, seen from the street."""

    FRONT = "front", _("At the front")
    SIDE = "side", _("At the side")
    REAR = "rear", _("At the rear")
    INSIDE = "inside", _("In a store or a garage")
