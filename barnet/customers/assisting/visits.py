"""A visit at which somebody of ours helps: for whom, why, and everything that happened to the screen.
Read through `barnet.customers.models`."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import VISIT_ENDS, VisitEventKind
from barnet.customers.records import APPEND_ONLY


def longest() -> dt.timedelta:
    """That any visit lasts."""
    return dt.timedelta(minutes=settings.VISIT_LONGEST_MINUTES)


def pause() -> dt.timedelta:
    """That ends a visit while the visitor has the screen."""
    return dt.timedelta(minutes=settings.KIOSK_IDLE_MINUTES)


class AssistedVisitQuerySet(models.QuerySet["AssistedVisit"]):
    def going_on(self, pk: int) -> "AssistedVisitQuerySet":
        """That visit, unless it is over or worth nothing any more, whether that has been written down or not."""
        return self.filter(pk=pk, ended_at=None).exclude(_is_worthless(timezone.now()))

    def left(self, before: dt.datetime) -> "AssistedVisitQuerySet":
        """Nobody ended them, and they were worth nothing before that moment."""
        return self.filter(_is_worthless(before), ended_at=None)


class AssistedVisit(models.Model):
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who began it
    purpose = models.CharField(max_length=100)
    place = models.CharField(max_length=120, blank=True, default="", db_default="")  # the library, by name
    has_account = models.BooleanField(default=False, db_default=False)  # the visitor, when it began
    begun_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(default=timezone.now, db_default=Now())  # when somebody did something
    ended_at = models.DateTimeField(null=True, blank=True)  # from then on its session was worth nothing
    how_ended = models.CharField(
        max_length=12, choices=[(end.value, end.label) for end in VISIT_ENDS], blank=True, default="", db_default=""
    )
    screen_key = models.CharField(
        max_length=40, blank=True, default="", db_default="", editable=False
    )  # of the session in which the visitor has the screen; "": staff have it
    submission_key = models.CharField(max_length=64, unique=True, editable=False)

    objects = AssistedVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("assisted visit")
        constraints = [
            models.CheckConstraint(condition=Q(how_ended="") | Q(ended_at__isnull=False), name="visit_end_has_moment"),
            models.CheckConstraint(condition=Q(screen_key="") | Q(ended_at=None), name="visit_over_without_screen"),
        ]
        indexes = [
            models.Index(fields=["customer", "-begun_at"], name="visit_by_customer"),
            models.Index(fields=["place", "-begun_at"], name="visit_by_place"),
            models.Index(fields=["helper", "-begun_at"], name="visit_by_helper"),
            models.Index(fields=["how_ended", "-begun_at"], name="visit_by_end"),
            models.Index(fields=["has_account", "-begun_at"], name="visit_by_account"),
            models.Index(fields=["begun_at"], condition=Q(ended_at=None), name="visit_going_on"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @property
    def worth_until(self) -> dt.datetime:
        """From that moment its session opens nothing, whether the end was written down or not."""
        last = self.begun_at + longest()
        return min(last, self.used_at + pause()) if self.screen_key else last


@pgtrigger.register(APPEND_ONLY)
class VisitEvent(models.Model):
    """Who had the screen from when on. Never edited."""

    visit = models.ForeignKey(AssistedVisit, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=VisitEventKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)  # as in the logs

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=Q(kind__in=VISIT_ENDS), name="visit_ends_once")
        ]
        indexes = [models.Index(fields=["visit", "at"], name="visit_events")]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.kind}"


def _is_worthless(at: dt.datetime) -> Q:
    return Q(begun_at__lte=at - longest()) | Q(~Q(screen_key=""), used_at__lte=at - pause())
