"""Answers under way: kept step by step, until they are sent or their time is over."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from barnet.customers.api.api_keys import ApiKey
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer
from portal.documents.models import Document
from portal.smartforms.models.forms import FormVersion, SmartForm

if TYPE_CHECKING:
    from portal.smartforms.models.asking import MoreAsked


def private_storage() -> Storage:
    return storages["private"]


def new_key() -> str:
    return get_random_string(40)


class DraftState(models.TextChoices):
    OPEN = "open"
    SENT = "sent"


class Draft(models.Model):
    """One filling-in of a form. Read through `running.door`, never by its number alone: that is no credential.

    `answers` holds what was given, in JSON as `kinds` writes it, hidden answers too: somebody who goes back finds
    them again. Which of them count, the evaluator says. `sources` says where an answer came from, when not from the
    page: `{"name": {"source": "account.name", "as_of": "2026-03-01"}}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(SmartForm, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.OPEN)
    answers = models.JSONField(default=dict)
    seen = models.JSONField(default=list)  # keys of the steps that were sent
    sources = models.JSONField(default=dict)
    earlier = models.JSONField(default=dict)  # by question: what was told before and may be used again (`reusing`)
    ask_again = models.JSONField(default=dict)  # by step: why a new version asks once more

    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+")  # for whom
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    right = models.CharField(max_length=10, choices=Right.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")  # the system it came by
    browser_hash = models.CharField(max_length=64, blank=True)  # of a secret that the browser without account keeps
    email = models.EmailField(blank=True)  # where the way back is sent
    submission_key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)

    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)

    # For the figures of the form (`figures.counting`): where it stands, since when, and what was counted of it.
    stands_at = models.CharField(max_length=60, blank=True)
    stands_since = models.DateTimeField(default=timezone.now)
    had_break = models.BooleanField(default=False)  # since then it was saved for later
    counted = models.JSONField(default=dict)  # {"reached": [keys of steps], "done": [...]}

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(fields=["customer", "state", "-saved_at"], name="draft_customer"),
            models.Index(fields=["form", "state", "version"], name="draft_in_flight"),
            models.Index(fields=["state", "expires_at"], name="draft_expiry"),
            models.Index(
                fields=["api_key", "form", "started_at"],
                condition=Q(api_key__isnull=False),
                name="draft_api_key",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def asked(self) -> "MoreAsked | None":
        """What staff asked for more, when this is the filling-in of that."""
        return getattr(self, "more_asked", None)


class FormFile(models.Model):
    """A file that answers a question: of a draft first, of what was sent after that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="files")
    submission = models.ForeignKey("smartforms.Submission", null=True, on_delete=models.CASCADE, related_name="files")
    question = models.CharField(max_length=90)  # its key, `group.key` in a group
    file = models.FileField(storage=private_storage, upload_to="forms/%Y/%m/", max_length=200, blank=True)
    # A paper that we had seen already: then there is no copy here, and `sha256` is the fingerprint that it had then.
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft=None) ^ Q(submission=None), name="form_file_of_draft_or_submission"
            ),
            models.CheckConstraint(condition=Q(document=None) | Q(file=""), name="form_file_no_copy_of_document"),
        ]

    def __str__(self) -> str:
        return self.name


class ReturnLink(models.Model):
    """A one-time way back to a draft, by e-mail. Only the hash of its secret is kept."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.draft_id}, {self.sent_at}"
