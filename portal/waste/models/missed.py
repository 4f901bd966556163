"""Missed bins: what was reported, and the rules for reporting one."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.waste.enums import CrewOutcome, Stream
from portal.waste.models.rounds import Container, Round


def private_storage() -> Storage:
    return storages["private"]


class ReportingRule(models.Model):
    """When a missed bin of a stream may be reported. Data, so that the service can change it."""

    stream = models.CharField(_("bin"), max_length=12, choices=Stream.choices, unique=True)
    window_working_days = models.PositiveSmallIntegerField(
        _("working days to report"),
        default=2,
        help_text=_("Residents may report until the end of this many working days after the collection day."),
    )

    class Meta:
        ordering = ["stream"]

    def __str__(self) -> str:
        return self.get_stream_display()


class LogAnswer(models.Model):
    """A crew outcome that stops a missed-bin report: what we say, and what the customer can do now."""

    outcome = models.CharField(_("the crew logged"), max_length=20, choices=CrewOutcome.choices, unique=True)
    sentence = models.CharField(
        _("what we say"), max_length=300, help_text=_("For example: The crew recorded that the bin was not out.")
    )
    advice = models.CharField(_("what to do now"), max_length=300)

    class Meta:
        ordering = ["outcome"]

    def __str__(self) -> str:
        return self.get_outcome_display()


class DraftPhoto(models.Model):
    """A photo of a report that is not sent yet, already re-encoded. Gone after a day."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(storage=private_storage, upload_to="drafts/%Y/%m/%d/", max_length=200)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["added_at"], name="draft_photo_added")]

    def __str__(self) -> str:
        return self.name


class MissedBin(models.Model):
    """What a missed-bin case is about."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="missed_bin")
    container = models.ForeignKey(Container, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    is_assisted = models.BooleanField(default=False, db_default=False)  # the crew had to fetch it

    class Meta:
        indexes = [
            models.Index(fields=["container", "-due_on"], name="missed_bin_container"),
            models.Index(fields=["round", "due_on"], name="missed_bin_round"),
        ]

    def __str__(self) -> str:
        return f"{self.container_id} on {self.due_on}"
