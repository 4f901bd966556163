"""Who collects what, where and when; and what the crews logged."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractIsoWeekDay
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.enums import Weekday
from barnet.gazetteer.models import Address
from portal.cases.models import Team
from portal.waste.enums import CrewOutcome, Frequency, Stream

# A shift reaches at most this many days back or forward: never as far as the collection a week away.
LONGEST_SHIFT = 6


class Round(models.Model):
    """A crew's tour for one stream on one weekday, every week or every other week."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    stream = models.CharField(max_length=12, choices=Stream.choices)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    frequency = models.PositiveSmallIntegerField(choices=Frequency.choices, default=Frequency.WEEKLY)
    first_on = models.DateField()  # a collection day: the fortnight is counted from it
    ends_at = models.TimeField(default=dt.time(18))  # when the round is normally done
    crew = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday=ExtractIsoWeekDay("first_on") - 1), name="round_first_day_is_its_weekday"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="round_weekday"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="round_frequency"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="keeps_its_stream",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stream__df=pgtrigger.F("new__stream")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Container(models.Model):
    """A bin at a property."""

    identifier = models.CharField(max_length=40, unique=True)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=12, choices=Stream.choices)
    description = models.CharField(max_length=80)  # "Blue 240 litre wheeled bin"
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["address", "stream"], name="container_address")]

    def __str__(self) -> str:
        return self.description


class Collection(models.Model):
    """A property is on a round. At most one round per stream; the stream is the round's, and a trigger sees to it."""

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=12, choices=Stream.choices)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="collections")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "stream"], name="collection_one_round_per_stream")]
        triggers = [
            pgtrigger.Trigger(
                name="stream_of_its_round",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM waste_round r WHERE r.id = NEW.round_id AND r.stream = NEW.stream) THEN
                        RAISE check_violation USING MESSAGE = 'The round does not collect this stream.';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.address_id} on {self.round_id}"


class HolidayShift(models.Model):
    """Collections due on one day take place on another: for a stream, or for all when it is empty.

    A row for a stream wins over the row for all. The same day twice means "as usual": it takes a shift back, or excepts
    a stream from the shift of all the others. Rows are changed, never deleted, so that calendars learn of every change.
    """

    due_on = models.DateField(_("collection due on"))
    moved_to = models.DateField(_("takes place on"), help_text=_("The same day means: as usual."))
    stream = models.CharField(
        _("only for"), max_length=12, choices=Stream.choices, blank=True, help_text=_("Leave empty for all bins.")
    )
    reason = models.CharField(max_length=80, help_text=_("Residents read it, for example: Christmas Day."))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["due_on", "stream"], name="holiday_shift_unique"),
            models.CheckConstraint(
                condition=Q(moved_to__gte=F("due_on") - dt.timedelta(days=LONGEST_SHIFT))
                & Q(moved_to__lte=F("due_on") + dt.timedelta(days=LONGEST_SHIFT)),
                name="holiday_shift_within_its_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} → {self.moved_to}"


class RoundRun(models.Model):
    """A round on a day: when the crew finished it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="runs")
    on = models.DateField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "on"], name="round_run_unique")]

    def __str__(self) -> str:
        return f"{self.round_id} on {self.on}"


class CrewLogEntry(models.Model):
    """What a crew logged at one property on one day."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    outcome = models.CharField(max_length=20, choices=CrewOutcome.choices)
    logged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "crew log entries"
        constraints = [models.UniqueConstraint(fields=["address", "round", "on"], name="crew_log_unique")]
        indexes = [
            models.Index(fields=["address", "-on"], name="crew_log_address"),
            models.Index(fields=["round", "on"], name="crew_log_round"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.outcome}"
