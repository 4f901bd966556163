from django.db import models
from django.utils.translation import gettext_lazy as _


class Stream(models.TextChoices):
    REFUSE = "refuse", _("Refuse")
    RECYCLING = "recycling", _("Recycling")
    FOOD = "food", _("Food waste")
    GARDEN = "garden", _("Garden waste")

    @property
    def mark(self) -> str:
        """Two letters or fewer, where a calendar has no room for the name."""
        return str(_MARKS[self])


_MARKS = {
    Stream.REFUSE: _("Rf"),
    Stream.RECYCLING: _("Rc"),
    Stream.FOOD: _("Fd"),
    Stream.GARDEN: _("Gd"),
}


class Frequency(models.IntegerChoices):
    """Weeks between two collections."""

    WEEKLY = 1, _("Every week")
    FORTNIGHTLY = 2, _("Every other week")


class CrewOutcome(models.TextChoices):
    """What a crew logs at a property."""

    COLLECTED = "collected", _("Collected")
    NOT_OUT = "not_out", _("Not out")
    CONTAMINATED = "contaminated", _("Contaminated")
    NO_ACCESS = "no_access", _("No access")


class NoticeKind(models.TextChoices):
    """What happens to collections on a day, when it is not what residents were told."""

    SUSPENDED = "suspended", _("Suspended")
    LATE = "late", _("Late")
    MOVED = "moved", _("Moved to another day")
