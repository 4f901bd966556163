"""The outbox, what happened to each attempt, templates as staff edited them, and the worker's pulse."""

import hashlib
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin, RevisionMixin

from barnet.customers.enums import Language
from barnet.customers.models import Customer, User
from barnet.customers.reaching.contact_points import ContactPoint
from barnet.notifications import registry, wording
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState, Receipt, Topic, Urgency


class MessageTemplate(PreviewableMixin, RevisionMixin, models.Model):
    """The wording of one kind of message. The code registers kinds with a first wording; staff edit this row.

    The row remembers the first wording that it was laid with: while both are equal nobody edited it, and a better first
    wording may replace it.
    """

    key = models.SlugField(unique=True, editable=False)
    subject = models.CharField(_("Subject"), max_length=150)
    body = models.TextField(_("Text"), max_length=10_000)
    short = models.CharField(_("Text message"), max_length=918, blank=True, default="", db_default="")
    first_subject = models.CharField(max_length=150, default="", editable=False)
    first_body = models.TextField(default="", editable=False)
    first_short = models.CharField(max_length=918, blank=True, default="", db_default="", editable=False)
    changed_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        verbose_name = _("message wording")
        verbose_name_plural = _("message wordings")
        ordering = ["key"]

    def __str__(self) -> str:
        return registry.name_of(self.key)

    @property
    def is_edited(self) -> bool:
        now, first = (self.subject, self.body, self.short), (self.first_subject, self.first_body, self.first_short)
        return now != first

    @property
    def fingerprint(self) -> str:
        """Changes with the wording: by it a translation knows what it was made of."""
        return hashlib.sha256(repr((self.subject, self.body, self.short)).encode()).hexdigest()

    @property
    def wording_state(self) -> str:
        return str(_("Edited") if self.is_edited else _("First wording"))

    @property
    def kind(self) -> registry.TemplateKind | None:
        return registry.kind_of(self.key) if registry.is_registered(self.key) else None

    def clean(self) -> None:
        """A wording that could not be filled in is refused, with what to do."""
        self.body = (self.body or "").replace("\r\n", "\n")
        problems: dict[str, list[str]] = {}
        found = registry.problems_of(self.kind, self.subject or "", self.body, self.short or "") if self.kind else []
        for field, sentence in found:
            problems.setdefault(field, []).append(sentence)
        if problems:
            raise ValidationError(problems)  # type: ignore[arg-type]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "notifications/wording_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, object]:
        """The message as somebody receives it, with the samples of its kind; as typed where it cannot be filled in."""
        samples = self.kind.fields if self.kind else {}
        shown = {name: samples.get(name, f"(({name}))") for name in wording.placeholders(f"{self.subject} {self.body}")}
        return {
            "request": request,
            "subject": wording.fill_line(self.subject, shown, longest=200),
            "body": wording.fill(self.body, shown),
            "has_subject": self.key != registry.SIGNATURE.key,
        }


class MessageTranslation(RevisionMixin, models.Model):
    """A wording in another language. It holds for the English of the day on which it was saved: `made_of`."""

    template = models.ForeignKey(
        MessageTemplate, on_delete=models.CASCADE, related_name="translations", verbose_name=_("Message")
    )
    language = models.CharField(
        _("Language"), max_length=10, choices=[choice for choice in Language.choices if choice[0] != Language.ENGLISH]
    )
    subject = models.CharField(_("Subject"), max_length=150)
    body = models.TextField(_("Text"), max_length=10_000)
    short = models.CharField(_("Text message"), max_length=918, blank=True, default="", db_default="")
    made_of = models.CharField(max_length=64, editable=False)
    changed_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        verbose_name = _("translated wording")
        verbose_name_plural = _("translated wordings")
        ordering = ["template__key", "language"]
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="wording_once_a_language")]

    def __str__(self) -> str:
        return f"{self.template}, {self.get_language_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever saves it has seen that it says what the English says now."""
        self.made_of = self.template.fingerprint
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.body = (self.body or "").replace("\r\n", "\n")
        kind = self.template.kind if self.template_id else None
        problems: dict[str, list[str]] = {}
        for field, sentence in registry.problems_of(kind, self.subject or "", self.body, self.short) if kind else []:
            problems.setdefault(field, []).append(sentence)
        if problems:
            raise ValidationError(problems)  # type: ignore[arg-type]

    @property
    def is_current(self) -> bool:
        return self.made_of == self.template.fingerprint

    @property
    def state(self) -> str:
        return str(_("In use") if self.is_current else _("Not in use: the English has changed since"))


class Message(models.Model):
    """One message to one person through one channel, written in the transaction of the change that it tells of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=200, unique=True)  # event + recipient + channel
    template_key = models.SlugField()
    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=300, blank=True)  # e-mail, number, or postal lines; empty for the inbox
    topic = models.CharField(max_length=10, choices=Topic.choices, default=Topic.REQUESTS, db_default=Topic.REQUESTS)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.TODAY, db_default=Urgency.TODAY)
    about = models.CharField(max_length=40, blank=True)  # the reference of the request it tells of
    language = models.CharField(max_length=10, default=Language.ENGLISH, db_default=Language.ENGLISH)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    short = models.CharField(max_length=918, blank=True, db_default="")  # in few words: text message, notification
    is_secret = models.BooleanField(default=False)  # carries a code: the body is blanked once sent
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)  # not before
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    enqueued_at = models.DateTimeField(default=timezone.now)  # when a task was last written for it
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    resent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    resent_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(
        max_length=40, blank=True, db_default=""
    )  # ours, by which a provider knows it
    receipt = models.CharField(max_length=20, choices=Receipt.choices, blank=True, db_default="")
    receipt_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacement"
    )  # one that failed: unique, so that a receipt that comes twice makes one fall-back
    collected_in = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="collected")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_reference"], condition=~Q(provider_reference=""), name="message_provider_reference"
            )
        ]
        indexes = [
            models.Index(
                fields=["sent_at"],
                condition=Q(state="sent", receipt__in=["", "sending"]) & ~Q(provider_reference=""),
                name="message_awaits_receipt",
            ),
            models.Index(fields=["due_at"], condition=Q(state="held"), name="message_held"),
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="message_due"),
            models.Index(fields=["state", "-created_at"], name="message_state"),
            models.Index(fields=["state", "template_key", "-created_at"], name="message_state_kind"),
            models.Index(fields=["customer", "-created_at"], condition=Q(channel="inbox"), name="message_inbox"),
            models.Index(fields=["about"], name="message_about"),
            models.Index(Upper("address"), name="message_address"),
        ]
        permissions = [("resend_message", "Can send a message again that was given up")]

    def __str__(self) -> str:
        return self.subject

    @property
    def kind_name(self) -> str:
        return registry.name_of(self.template_key)

    @property
    def text(self) -> str:
        """What its channel shows: the short wording where there is little room."""
        return self.short if self.channel in {MessageChannel.SMS, MessageChannel.PUSH} else self.body


class Attempt(models.Model):
    """One try to hand a message to its channel."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    taker = models.CharField(max_length=60, blank=True)  # the worker's connection, as pg_stat_activity names it
    started_at = models.DateTimeField(default=timezone.now)
    handed_over_at = models.DateTimeField(null=True)  # committed right before the channel was told: not sent before it
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome.choices, default=AttemptOutcome.STARTED)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempt_unique")]
        indexes = [models.Index(fields=["started_at"], condition=Q(outcome="started"), name="attempt_unsettled")]

    def __str__(self) -> str:
        return f"{self.message_id} #{self.number}"


class Throttle(models.Model):
    """When the next message may go to a provider: one row that all workers move on together."""

    key = models.CharField(max_length=40, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} from {self.free_at}"


class SuppressedAddress(models.Model):
    """An address where what we sent came back for good. Nothing goes there, codes for signing in excepted."""

    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    address = models.CharField(max_length=300)  # in small letters
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lifted_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address"], condition=Q(lifted_at=None), name="suppressed_address_once"
            )
        ]
        permissions = [("lift_suppression", "Can let messages go again to an address that failed")]

    def __str__(self) -> str:
        return self.address


class ContactCode(models.Model):
    """A code that was sent to an address or number, to prove that it is the person's. Never the code itself."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    point = models.ForeignKey(ContactPoint, null=True, on_delete=models.SET_NULL, related_name="+")
    fingerprint = models.CharField(max_length=64, default="")
    sent_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "sent_at"], name="contact_code_of_customer")]

    def __str__(self) -> str:
        return f"code for {self.point_id}"


class PushDevice(models.Model):
    """A browser in which somebody turned notifications on: where its push service takes messages, and for which key."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)  # whoever knows it and our private key can write to it
    p256dh = models.CharField(max_length=100)  # the browser's public key: only it can read what we send
    auth = models.CharField(max_length=40)
    server_key = models.CharField(max_length=100)  # our public key at that time: another one cannot write to it
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)  # its push service took a message

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class MailboxMail(models.Model):
    """An e-mail that went to the development mailbox. The unique key makes handing it over twice harmless."""

    message_id = models.CharField(max_length=255, unique=True)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="mailbox_newest")]

    def __str__(self) -> str:
        return self.subject


class Pulse(models.Model):
    """The last time that a worker proved to be alive by finishing a task, if only the canary."""

    name = models.CharField(max_length=100, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at}"
