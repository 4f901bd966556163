"""A request from the first word to the outcome, what happened to it, and who follows it."""

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer
from barnet.gazetteer.models import BNG, Address, Area
from barnet.kit.references import new_reference
from portal.cases.delivery.models import TELL_BACK_OFFICES
from portal.cases.enums import (
    OPEN_STATES,
    PAUSED_STATES,
    RUNNING_STATES,
    CaseState,
    CaseUrgency,
    EntryKind,
    Phase,
)
from portal.cases.models.guards import APPEND_ONLY
from portal.cases.models.teams import Team


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def late(self, on: dt.date) -> "CaseQuerySet":
        return self.filter(state__in=RUNNING_STATES, promise_on__lt=on)


@pghistory.track()
class Case(models.Model):
    """One request, whatever the channel. Changed only through `portal.cases.services`."""

    reference = models.CharField(max_length=13, unique=True, default=new_reference, editable=False)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)  # one per filled form: no double
    same_as_key = models.CharField(max_length=100, blank=True, editable=False)  # what a second open report would share
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    details = models.JSONField(default=list)  # [["Which bin", "Recycling, blue 240 litres"], ...] as the customer gave
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.RECEIVED)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    urgency = models.CharField(
        max_length=8, choices=CaseUrgency.choices, default=CaseUrgency.NORMAL, db_default=CaseUrgency.NORMAL
    )

    customer = models.ForeignKey(  # db_index=False, here and for the address: an index of the list begins with it
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)

    address = models.ForeignKey(
        Address, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address_text = models.CharField(max_length=300, blank=True)
    location = models.PointField(srid=BNG, null=True, blank=True)
    ward = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # from the point

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    opened_at = models.DateTimeField(default=timezone.now)
    promise_on = models.DateField()  # the day by which it is done, moved on by pauses
    expected_on = models.DateField(null=True, blank=True)  # the day that we named when the promise could not be kept
    respond_by = models.DateTimeField(null=True, blank=True)  # first word from a person, in working hours
    responded_at = models.DateTimeField(null=True, blank=True)
    update_by = models.DateTimeField(null=True, blank=True)  # the next word, counted from the last
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)  # a code of the service's outcomes
    public_reason = models.TextField(max_length=1000, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)  # the promise was broken and a leader took it over
    escalation_due_on = models.DateField(null=True, blank=True)  # the day that we named then
    reopened_count = models.PositiveSmallIntegerField(default=0)
    wrote_at = models.DateTimeField(null=True, blank=True)  # since when the customer's words wait for ours
    version = models.PositiveIntegerField(default=0)  # grows with every act: a stale form is refused

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["same_as_key"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]) & ~Q(same_as_key=""),
                name="case_one_open_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | (~Q(outcome="") & ~Q(public_reason="")),
                name="case_resolved_with_outcome_and_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "promise_on", "id"], name="case_queue"),
            models.Index(fields=["team", "state", "promise_on"], name="case_team"),
            models.Index(fields=["assignee", "state", "promise_on"], name="case_assignee"),
            models.Index(fields=["service", "state", "promise_on"], name="case_service"),
            models.Index(fields=["ward", "state", "promise_on"], name="case_ward"),
            models.Index(fields=["channel", "state", "promise_on"], name="case_channel"),
            models.Index(fields=["urgency", "state", "promise_on"], name="case_urgency"),
            models.Index(
                fields=["promise_on", "id"],
                condition=Q(escalated_at__isnull=False, state__in=[str(state) for state in OPEN_STATES]),
                name="case_escalated",
            ),
            models.Index(
                fields=["respond_by", "id"],
                condition=Q(responded_at=None, state__in=[str(state) for state in OPEN_STATES]),
                name="case_respond_by",
            ),
            models.Index(
                fields=["update_by", "id"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                name="case_update_by",
            ),
            models.Index(
                fields=["promise_on", "id"],
                condition=Q(reopened_count__gt=0, state__in=[str(state) for state in OPEN_STATES]),
                name="case_reopened",
            ),
            models.Index(fields=["wrote_at", "id"], condition=Q(wrote_at__isnull=False), name="case_wrote"),
            # With the key, so that a search for many customers or addresses reads the index alone.
            models.Index(fields=["customer", "-opened_at"], include=["id"], name="case_of_customer"),
            models.Index(fields=["address", "-opened_at"], include=["id"], name="case_at_address"),
            models.Index(Lower("contact_email"), F("opened_at").desc(), name="case_contact_email"),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            # For the search box: any part of a name, an e-mail address or a typed place.
            GinIndex(OpClass(Upper("contact_name"), name="gin_trgm_ops"), name="case_find_name"),
            GinIndex(OpClass(Upper("contact_email"), name="gin_trgm_ops"), name="case_find_email"),
            GinIndex(OpClass(Upper("address_text"), name="gin_trgm_ops"), name="case_find_place"),
        ]
        permissions = [
            ("work_case", "Can work on cases"),
            ("assign_case", "Can give cases to teams and people, one or many"),
            ("erase_words", "Can erase personal data that was written by mistake"),
            ("export_case", "Can export lists of cases"),
            ("view_figures", "Can read figures about services"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("account_request", args=[self.reference])

    def get_tracking_url(self) -> str:
        """Where somebody without an account sees it, after a code."""
        return f"{reverse('track')}?{urlencode({'reference': self.reference})}"

    @property
    def phase(self) -> Phase:
        return CaseState(self.state).phase

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def named_on(self) -> dt.date:
        """The day that the customer was told last: that of the promise, or the later one of a delay."""
        return self.expected_on or self.promise_on

    @property
    def still_expected_on(self) -> dt.date | None:
        """The day of a delay, while it is not over."""
        return self.expected_on if self.expected_on and self.expected_on >= timezone.localdate() else None

    def is_late(self, on: dt.date) -> bool:
        """The promise is broken; while the case is paused it stands still."""
        return self.is_open and not self.is_paused and self.promise_on < on

    @property
    def is_paused(self) -> bool:
        return self.state in PAUSED_STATES

    def is_silent(self, at: dt.datetime) -> bool:
        """Nobody has answered, or said how it goes on, by when we promise to."""
        first = self.respond_by if self.responded_at is None else None
        return self.is_open and not self.is_paused and any(due and due < at for due in (first, self.update_by))

    @property
    def is_escalated(self) -> bool:
        return self.is_open and self.escalated_at is not None

    @property
    def is_pressing(self) -> bool:
        return self.is_open and self.urgency != CaseUrgency.NORMAL

    @property
    def place(self) -> str:
        return self.address.one_line if self.address else self.address_text


@pgtrigger.register(APPEND_ONLY, TELL_BACK_OFFICES)
class TimelineEntry(models.Model):
    """One thing that happened to a case: who, for whom, by which right, through which channel. Never edited."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timeline")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    state = models.CharField(max_length=12, choices=CaseState.choices)  # after it
    public_text = models.TextField(blank=True)  # what the customer reads; empty: not shown
    internal_text = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=10, choices=Right.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "timeline entries"
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="timeline_case"),
            models.Index(fields=["at", "id"], condition=~Q(public_text=""), name="timeline_told"),  # for other systems
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind}"


class Pause(models.Model):
    """Days on which the promise stands still, and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=300)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)  # the day on which work goes on; empty: still paused
    resumes_on = models.DateField(null=True, blank=True)  # when it goes on by itself, if that was said

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_on=None), name="pause_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="pause_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(
                fields=["resumes_on"], condition=Q(until_on=None, resumes_on__isnull=False), name="pause_resumes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} paused: {self.reason}"


class Follower(models.Model):
    """Somebody who reported the same and joined: told of every change, shown nothing of the first reporter."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="followers")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)
    title = models.CharField(max_length=120)  # as the follower told it: the first report's words stay private
    place = models.CharField(max_length=300, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "customer", "email"], nulls_distinct=False, name="follower_once_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.email} follows {self.case_id}"
