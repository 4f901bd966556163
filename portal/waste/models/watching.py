"""What follows from missed collections: thresholds as data, and the evidence of a supervised case."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.models import Address
from portal.cases.models import Case, Team

_FROM_ONE = [MinValueValidator(1)]


class CollectionPolicy(models.Model):
    """When a leader takes over, and when a property is watched. One row, edited by staff."""

    leaders = models.ForeignKey(
        Team,
        verbose_name=_("team of the leaders"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Gets missed bins whose promise is broken, and properties that are missed again and again."),
    )
    escalation_working_days = models.PositiveSmallIntegerField(
        _("working days of the leader"),
        default=1,
        validators=_FROM_ONE,
        help_text=_("By when a missed bin is dealt with after the promise was broken."),
    )
    repeat_count = models.PositiveSmallIntegerField(
        _("missed so many times"), default=3, validators=[MinValueValidator(2)]
    )
    repeat_weeks = models.PositiveSmallIntegerField(_("in so many weeks"), default=8, validators=_FROM_ONE)

    assisted_working_days = models.PositiveSmallIntegerField(
        _("working days for a missed assisted collection"),
        default=1,
        db_default=1,
        validators=_FROM_ONE,
        help_text=_("By when we come back to a home whose bins the crew fetches. Never later than other missed bins."),
    )

    class Meta:
        verbose_name = _("rule for broken promises")
        verbose_name_plural = _("rules for broken promises")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="collection_policy_is_one"),
            models.CheckConstraint(
                condition=Q(escalation_working_days__gte=1, repeat_count__gte=2, repeat_weeks__gte=1),
                name="collection_policy_makes_sense",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Broken promises"))


class RepeatedMiss(models.Model):
    """A supervised case about a property that was missed again and again, with the reports that are its evidence.

    One is open for a property at a time: `Case.same_as_key` and its partial unique index see to it.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    evidence = models.ManyToManyField("waste.MissedBin", related_name="+")

    def __str__(self) -> str:
        return f"{self.address_id}: {self.case_id}"
