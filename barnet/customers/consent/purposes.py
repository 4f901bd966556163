"""For what else we may use somebody's data, in texts with versions; what people agreed to and withdrew, and when."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import Channel, Right
from barnet.customers.records import APPEND_ONLY


class Purpose(models.Model):
    """Something that we do only for people who agreed to it."""

    slug = models.SlugField(_("Short name"), unique=True, help_text=_("The code asks by it. It does not change."))
    name = models.CharField(_("What it is for"), max_length=120)
    is_live = models.BooleanField(_("We ask people now"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(
    pgtrigger.Protect(
        name="immutable_once_published",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
    )
)
class PurposeText(models.Model):
    """One version of what people read before they agree. Once published it never changes: a new version is written."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="texts", verbose_name=_("Purpose"))
    version = models.PositiveIntegerField(_("Version"), editable=False)
    wording = models.TextField(_("Text"), max_length=5000)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["purpose", "-version"]
        verbose_name = _("text of a purpose")
        verbose_name_plural = _("texts of purposes")
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="purpose_text_version"),
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(published_at=None), name="purpose_one_draft_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}, {self.version}"


@pgtrigger.register(APPEND_ONLY)
class Consent(models.Model):
    """Somebody agreed to one version of a text, or withdrew. Never edited: the newest line counts."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="+")
    is_given = models.BooleanField()  # False: withdrawn
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=10, choices=Right.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="consent_by_customer")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.text} {'given' if self.is_given else 'withdrawn'}"
