"""What somebody needs so that we can serve them, told so that staff can see it, with the day on which they agreed."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    INTERPRETER = "interpreter", _("An interpreter")
    LARGE_PRINT = "large_print", _("Large print")
    NO_STAIRS = "no_stairs", _("No stairs")
    HEARING = "hearing", _("Help with hearing, such as a loop")
    TEXT_RELAY = "text_relay", _("Calls by text relay")
    OTHER = "other", _("Something else")


IN_WORDS = {
    NeedKind.INTERPRETER: _("Which language, British Sign Language included?"),
    NeedKind.OTHER: _("What do you need?"),
}


@pghistory.track()
class Need(models.Model):
    """One need of one person. It is ended, never deleted; the same need can be told again."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=12, choices=NeedKind.choices)
    words = models.CharField(max_length=200, blank=True)  # the language of an interpreter, or the need in their words
    consented_at = models.DateTimeField(default=timezone.now)  # when they told us, and agreed that staff see it
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind"], condition=Q(ended_at=None), name="need_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=[str(kind) for kind in IN_WORDS]) | ~Q(words=""), name="need_in_words"
            ),
        ]

    def __str__(self) -> str:
        label = str(NeedKind(self.kind).label)
        if self.kind == NeedKind.OTHER:
            return self.words
        return f"{label}: {self.words}" if self.words else label
