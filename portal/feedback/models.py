"""Questions that we asked, answers, and what was written in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel
from portal.cases.models import Case, Team

LONGEST_WORDS = 1000


class Rating(models.IntegerChoices):
    VERY_GOOD = 5, _("Very satisfied")
    GOOD = 4, _("Satisfied")
    NEITHER = 3, _("Neither satisfied nor dissatisfied")
    BAD = 2, _("Dissatisfied")
    VERY_BAD = 1, _("Very dissatisfied")


SATISFIED = (Rating.VERY_GOOD, Rating.GOOD)
UNHAPPY = (Rating.BAD, Rating.VERY_BAD)


class Survey(models.Model):
    """One question after one closing of a request. Service, team and channel are those of that day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    closing = models.PositiveSmallIntegerField()  # how often it had been opened again
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel.choices)  # through which the request came
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True, choices=Rating.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "closing"], name="survey_once_per_closing"),
            models.CheckConstraint(
                condition=Q(answered_at=None, rating=None) | Q(answered_at__isnull=False, rating__range=(1, 5)),
                name="survey_answer_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["asked_at", "service"], name="survey_asked")]

    def __str__(self) -> str:
        return f"{self.case_id}, closing {self.closing}"

    @property
    def is_unhappy(self) -> bool:
        return self.rating in UNHAPPY


class PageVote(models.Model):
    """Whether a page was useful to somebody, whoever it was."""

    at = models.DateTimeField(default=timezone.now)
    page = models.CharField(max_length=300)  # its address; where that names a person or a request, its pattern
    is_useful = models.BooleanField()
    key = models.CharField(max_length=64, unique=True, editable=False)  # of the page as it was loaded: no double

    class Meta:
        indexes = [models.Index(fields=["at", "page"], name="vote_newest")]

    def __str__(self) -> str:
        return f"{self.page}: {'useful' if self.is_useful else 'not useful'}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    def waiting(self) -> "RemarkQuerySet":
        return self.filter(settled_at=None)


class Remark(models.Model):
    """What somebody wrote, until staff have dealt with it."""

    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(max_length=LONGEST_WORDS)
    vote = models.OneToOneField(PageVote, null=True, on_delete=models.CASCADE, related_name="+")
    survey = models.OneToOneField(Survey, null=True, on_delete=models.CASCADE, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_note = models.CharField(max_length=300, blank=True)  # what was done about it

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vote=None, survey__isnull=False) | Q(vote__isnull=False, survey=None),
                name="remark_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="remark_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], condition=Q(settled_at=None), name="remark_waiting"),
            models.Index(fields=["-settled_at"], name="remark_settled"),
            models.Index(fields=["at"], name="remark_age"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.vote or self.survey}"
