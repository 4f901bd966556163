"""What we promise the time of, and who hears before and after it goes by."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from portal.cases.enums import CaseUrgency, Clock

LONGEST = 250  # working days in a year


def _perhaps(label: Any, help_text: Any, *, least: int = 1) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]
    """A number that a row may leave to the next more general one."""
    bounds = [*([MinValueValidator(least)] if least else []), MaxValueValidator(LONGEST)]
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=bounds, help_text=help_text)


class PromiseStandard(models.Model):
    """How soon we answer. What a row leaves empty is taken from the next more general row: of the service and urgency,
    of the service, of the urgency, of every service.

    The day by which a request is dealt with is the service's own standard, unless a row of that service says another.
    """

    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: for every service that has no row of its own."),
    )
    urgency = models.CharField(
        _("urgency"), max_length=8, blank=True, choices=CaseUrgency.choices, help_text=_("Empty: every urgency.")
    )
    response_hours = _perhaps(_("first response, in working hours"), _("By when a person has written to the customer."))
    update_days = _perhaps(
        _("next update, in working days"), _("How long the customer waits at most for the next word while we work.")
    )
    resolve_days = _perhaps(
        _("resolution, in working days"), _("Empty: as the service says in the catalogue."), least=0
    )
    delay_days = _perhaps(
        _("working days more, when the promise will be missed"),
        _("On the afternoon of the promised day the customer is told that it takes so much longer."),
    )

    class Meta:
        ordering = ["service__name", "urgency"]
        verbose_name = _("time that we promise")
        verbose_name_plural = _("times that we promise")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "urgency"],
                nulls_distinct=False,
                name="promise_standard_once",
                violation_error_message=_("There is a row for this already."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [str(self.service or _("Every service")), self.get_urgency_display()]))


class Escalation(models.Model):
    """Who hears of a promise that is about to be broken, or is."""

    clock = models.CharField(_("promise"), max_length=10, choices=Clock.choices)
    hours = models.SmallIntegerField(
        _("working hours after it is due"),
        validators=[MinValueValidator(-LONGEST), MaxValueValidator(LONGEST)],
        help_text=_("Below nought: so long before it is due."),
    )
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: every service."),
    )
    tells_assignee = models.BooleanField(_("tell the person who has the request"), default=True)
    role = models.ForeignKey(
        Group,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("role"),
        help_text=_("Told are those of the request’s team who have it; if the team has none, everybody who has it."),
    )
    since = models.DateField(_("for promises due from"), default=timezone.localdate)

    class Meta:
        ordering = ["clock", "hours", "pk"]
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.CheckConstraint(
                condition=Q(tells_assignee=True) | Q(role__isnull=False), name="escalation_tells_somebody"
            ),
            models.UniqueConstraint(
                fields=["clock", "hours", "service"],
                nulls_distinct=False,
                name="escalation_once",
                violation_error_message=_("There is an escalation for this moment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.hours:+d}"

    def clean(self) -> None:
        if not self.tells_assignee and self.role_id is None:
            raise ValidationError(_("Choose a role, or tell the person who has the request."))


class EscalationNotice(models.Model):
    """Somebody was told, once for a rule and the day on which the promise is due."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "rule", "due_on"], name="escalation_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.rule_id}"
