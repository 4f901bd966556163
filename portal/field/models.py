"""What crews do, for which request, on which day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from barnet.catalogue.models import Service
from portal.cases.models import Attachment, Case, Team
from portal.field.enums import JobState, Moment


class FieldService(ClusterableModel):  # type: ignore[misc]
    """A service whose requests crews deal with in the street."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("service"))
    shows_contact = models.BooleanField(
        _("the crew sees the name and telephone number of who asked"),
        default=False,
        help_text=_("Only when the crew cannot do the job without them."),
    )
    shows_photos = models.BooleanField(
        _("who asked sees the photos of the crew"),
        default=False,
        help_text=_("Otherwise the photos are for staff."),
    )

    class Meta:
        verbose_name = _("service of crews")
        verbose_name_plural = _("services of crews")
        ordering = ["service__name"]

    def __str__(self) -> str:
        return str(self.service)


class CannotReason(models.Model):
    """Why a job of the service could not be done."""

    field_service = ParentalKey(FieldService, on_delete=models.CASCADE, related_name="reasons")
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)
    label = models.CharField(_("what the crew chooses"), max_length=80)
    told = models.TextField(_("what who asked reads"), max_length=1000, blank=True, help_text=_("Empty: nothing."))
    outcome = models.CharField(
        _("outcome with which it ends"),
        max_length=40,
        blank=True,
        help_text=_("The code of an outcome of the service. Empty: the request stays open, for another plan."),
    )

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="") | ~Q(told=""), name="field_reason_that_ends_is_told"),
        ]

    def __str__(self) -> str:
        return self.label


class Job(models.Model):
    """A request that a crew deals with on a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    crew = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PLANNED)
    reason = models.ForeignKey(CannotReason, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    follow_on = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="planned"), name="field_one_planned_job"),
            models.CheckConstraint(
                condition=Q(state="planned", ended_at=None) | (~Q(state="planned") & Q(ended_at__isnull=False)),
                name="field_job_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["crew", "state", "planned_on"], name="field_crew_day"),
            models.Index(fields=["crew", "ended_at"], name="field_crew_ended"),
            models.Index(fields=["state", "planned_on"], name="field_day"),
        ]
        permissions = [
            ("do_job", "Can do the jobs of their crews"),
            ("plan_job", "Can plan the jobs of crews"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.planned_on}"

    def get_absolute_url(self) -> str:
        return reverse("field_job", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == JobState.PLANNED


MOST_PHOTOS = 6  # of one moment
_IN_BOUNDS = Q(number__gte=1, number__lte=MOST_PHOTOS)


class JobPhoto(models.Model):
    """Which photos of a request the crew took before, and which after, in their order."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="+")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    number = models.PositiveSmallIntegerField(default=1, db_default=1)  # within the moment

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "moment", "number"], name="field_photo_number_once"),
            models.UniqueConstraint(fields=["job", "moment", "attachment"], name="field_photo_once_a_moment"),
            models.CheckConstraint(condition=_IN_BOUNDS, name="field_photo_number"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.moment}"


class FieldAct(models.Model):
    """An act that was sent, under the key that its form or telephone made. Sent again, it is answered the same."""

    key = models.CharField(max_length=64, unique=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="acts")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)  # when the telephone says that it was
    answer = models.CharField(max_length=300)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["at"], name="field_act_at")]

    def __str__(self) -> str:
        return self.key
