"""Answers that were sent: typed, with where each came from, and what staff corrected."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from barnet.customers.api.api_keys import ApiKey
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer
from portal.cases.models import Case
from portal.smartforms.definition.model import DataClass
from portal.smartforms.models.forms import FormVersion

LOOK_ALIKE = ("OI", "01")


class Submission(models.Model):
    """A form that was sent: one case, whatever happened on the way."""

    draft_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)  # its key in the version
    facts = models.JSONField(default=dict)  # what was known without asking, as the evaluator saw it
    calculated = models.JSONField(default=dict)  # key of a calculation: its number, as text
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=10, choices=Right.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")  # the system it came by

    class Meta:
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["version", "-sent_at"], name="submission_version"),
            models.Index(fields=["subject", "-sent_at"], name="submission_subject"),
            models.Index(
                fields=["api_key", "-sent_at"], condition=models.Q(api_key__isnull=False), name="submission_api_key"
            ),
        ]
        permissions = [("read_special_answer", "Can ask to see special-category answers")]

    def __str__(self) -> str:
        return f"{self.case_id}, {self.version_id}"


def as_it_looks(field: str) -> models.Func:
    """A registration with O as 0 and I as 1: nobody can tell them apart on a plate."""
    alike = [models.Value(signs) for signs in LOOK_ALIKE]
    return models.Func(models.F(field), *alike, function="TRANSLATE", output_field=models.TextField())


class Answer(models.Model):
    """One answer that counted. A hidden answer has no row. `path`: `name`, or `child[0].name` in a group."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="answers")
    path = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    value = models.JSONField()  # as its kind writes it
    words = models.TextField()  # as people read it
    data_class = models.CharField(max_length=10, choices=[(item.value, item.value) for item in DataClass])
    source = models.CharField(max_length=60, blank=True)  # empty: given on the page
    as_of = models.DateField(null=True, blank=True)  # of the source
    forget_on = models.DateField(null=True, blank=True)  # empty: with the case
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["submission", "position"]
        constraints = [models.UniqueConstraint(fields=["submission", "path"], name="answer_once")]
        indexes = [
            models.Index(fields=["forget_on"], condition=models.Q(forget_on__isnull=False), name="answer_forget_on"),
            models.Index(as_it_looks("words"), condition=models.Q(kind="vehicle"), name="answer_vehicle"),
        ]
        permissions = [("export_answer", "Can export answers of forms")]

    def __str__(self) -> str:
        return self.path


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update))
class AnswerCorrection(models.Model):
    """An answer was put right: what stood there, and why. It goes when the answer goes.

    By staff; or by the customer whom staff had asked for it again (`asked`), who may have no account (`by` is empty).
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="corrections")
    before = models.JSONField()
    words_before = models.TextField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(
        "smartforms.MoreAsked", null=True, blank=True, on_delete=models.CASCADE, related_name="corrections"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) | models.Q(asked__isnull=False), name="correction_by_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}, {self.at}"
