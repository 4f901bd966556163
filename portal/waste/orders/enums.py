from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderReason(models.TextChoices):
    NEW_HOME = "new_home", _("We have none yet, for example because the home is new")
    LOST = "lost", _("It is lost or was stolen")
    DAMAGED = "damaged", _("It is damaged")
    TOO_SMALL = "too_small", _("Ours is too small: exchange it")
    ADDITIONAL = "additional", _("We need another one as well")
    GIVE_BACK = "give_back", _("We no longer need it: take it away")

    @property
    def replaces(self) -> bool:
        """A new one comes for one that goes."""
        return self in {OrderReason.LOST, OrderReason.DAMAGED, OrderReason.TOO_SMALL}

    @property
    def adds(self) -> bool:
        """The home has more of them afterwards."""
        return self in {OrderReason.NEW_HOME, OrderReason.ADDITIONAL}

    @property
    def is_free(self) -> bool:
        return self == OrderReason.GIVE_BACK


class Handover(models.TextChoices):
    DELIVERED = "delivered", _("We bring it")
    COLLECTED = "collected", _("People fetch it themselves")
