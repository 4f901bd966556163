"""What staff keep of their own: lists, who has a request open, who is away."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """Filters of the queue under a name: of one person, or of everybody in a team."""

    name = models.CharField(_("name"), max_length=60)
    filters = models.CharField(max_length=1000)  # as they stand in the address of the queue
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("cases.Team", null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) ^ Q(team__isnull=True), name="saved_view_of_person_or_team"
            ),
            models.UniqueConstraint(
                fields=["owner", "team", "name"], nulls_distinct=False, name="saved_view_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Somebody has a request on screen. Gone after an hour."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: dt.date) -> "AbsenceQuerySet":
        return self.filter(from_on__lte=day, until_on__gte=day)


class Absence(models.Model):
    """Somebody is away from the first day to the last, and who looks after their requests."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    cover = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("cover")), name="absence_covered_by_another"),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_on"),
                            F("until_on"),
                            Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["cover", "from_on", "until_on"], name="absence_cover")]

    def __str__(self) -> str:
        return f"{self.person}: {self.from_on} – {self.until_on}"
