"""What staff say about rounds on a day: suspended, late, or moved."""

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.models import Area
from barnet.kit.wording import clock, day
from portal.waste.enums import NoticeKind, Stream

LONGEST_NOTICE = 60  # days: a notice is about days that somebody looked at, not for ever
LONGEST_MOVE = 6
_SCOPE = ("kind", "round_id", "stream", "area_id", "first_on", "last_on", "moved_to")


class RoundNoticeQuerySet(models.QuerySet["RoundNotice"]):
    def standing(self) -> "RoundNoticeQuerySet":
        return self.filter(withdrawn_at=None)

    def about(self, start: dt.date, end: dt.date) -> "RoundNoticeQuerySet":
        """Notices about any day from `start` up to, not including, `end`; withdrawn ones too."""
        return self.filter(first_on__lt=end, last_on__gte=start)


@pghistory.track()
class RoundNotice(models.Model):
    """Collections that residents were told to take place from `first_on` to `last_on` do not take place as usual.

    It is about one round, about a stream, or about all bins, everywhere or in one area. Where several are about the
    same collection the newest counts. What it is about and its days stay as they are, and rows are never deleted:
    calendars learn of a change only from a row that is still there. Staff change the words or withdraw it.
    """

    kind = models.CharField(_("what happens"), max_length=10, choices=NoticeKind.choices)
    round = models.ForeignKey("waste.Round", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=12, choices=Stream.choices, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    moved_to = models.DateField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)  # late: when the crew will be done
    words = models.CharField(max_length=300)  # why, as residents read it
    advice = models.CharField(max_length=300, blank=True)  # what happens instead, and what to do
    wards = models.ManyToManyField(Area, related_name="+")  # where it is felt, as computed when it was given
    home_count = models.PositiveIntegerField(default=0)  # likewise
    source_key = models.CharField(max_length=100, unique=True)  # the filled form or the other system's name for it
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RoundNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-first_on", "-id"]
        indexes = [models.Index(fields=["last_on", "first_on"], name="round_notice_days")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"))
                & Q(last_on__lte=F("first_on") + dt.timedelta(days=LONGEST_NOTICE)),
                name="round_notice_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind=NoticeKind.MOVED, moved_to__isnull=False, last_on=F("first_on"))
                & ~Q(moved_to=F("first_on"))
                & Q(moved_to__gte=F("first_on") - dt.timedelta(days=LONGEST_MOVE))
                & Q(moved_to__lte=F("first_on") + dt.timedelta(days=LONGEST_MOVE))
                | ~Q(kind=NoticeKind.MOVED) & Q(moved_to=None),
                name="round_notice_moves_within_the_week",
            ),
            models.CheckConstraint(
                condition=Q(kind=NoticeKind.LATE, expected_at__isnull=False, last_on=F("first_on"))
                | ~Q(kind=NoticeKind.LATE) & Q(expected_at=None),
                name="round_notice_late_until",
            ),
            models.CheckConstraint(
                condition=Q(round=None) | Q(stream="", area=None), name="round_notice_one_round_or_a_stream"
            ),
            models.CheckConstraint(
                condition=~Q(kind=NoticeKind.SUSPENDED) | ~Q(advice=""), name="round_notice_says_what_instead"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="keeps_its_scope",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*_SCOPE),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.scope}"

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None

    @property
    def scope(self) -> str:
        """What it is about, for a list: “Refuse in High Barnet”."""
        if self.round:
            return str(self.round)
        what = self.get_stream_display() if self.stream else gettext("All bins")
        return gettext("%(what)s in %(area)s") % {"what": what, "area": self.area} if self.area else str(what)

    @property
    def what(self) -> str:
        """The bins, for residents: they do not know rounds by name."""
        if self.round:
            return str(Stream(self.round.stream).label)
        return self.get_stream_display() if self.stream else gettext("All bins")

    @property
    def where(self) -> str:
        """The area, or the wards; empty for everywhere."""
        if self.area:
            return self.area.name
        return ", ".join(ward.name for ward in self.wards.all()) if self.round_id else ""

    @property
    def days(self) -> str:
        if self.first_on == self.last_on:
            return day(self.first_on)
        return gettext("%(first)s to %(last)s") % {"first": day(self.first_on), "last": day(self.last_on)}

    @property
    def sentence(self) -> str:
        """What happens, in one sentence, for somebody whose collection it is."""
        if self.kind == NoticeKind.MOVED:
            return gettext("We collect on %(day)s instead.") % {"day": day(self.moved_to)}
        if self.kind == NoticeKind.LATE and self.expected_at:
            return gettext("The crew is late. We expect it to be done by %(when)s.") % {
                "when": moment_of(self.expected_at)
            }
        return gettext("We cannot collect.")


def moment_of(when: dt.datetime) -> str:
    """5pm on Monday 6 July 2026"""
    local = timezone.localtime(when)
    return gettext("%(time)s on %(day)s") % {"time": clock(local.time()), "day": day(local.date())}
