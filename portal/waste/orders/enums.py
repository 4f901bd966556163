from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderReason(models.TextChoices):
    NEW_HOME = "new_home", _("We have none yet, for example because the home is new")
    LOST = "lost", _("It is lost or was stolen")
    DAMAGED = "damaged", _("It is damaged")
    TOO_SMALL = "too_small", _("Ours is too small: exchange it")
    ADDITIONAL = "additional", _("We need another one as well")

    @property
    def replaces(self) -> bool:
        return self in {OrderReason.LOST, OrderReason.DAMAGED, OrderReason.TOO_SMALL}


class Handover(models.TextChoices):
    DELIVERED = "delivered", _("We bring it")
    COLLECTED = "collected", _("People fetch it themselves")
