"""Kinds of paper, the papers that were certified, and the requests that rely on them."""

import datetime as dt

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from portal.cases.models import Case
from portal.documents.enums import Proof


def private_storage() -> Storage:
    return storages["private"]


class DocumentKind(models.Model):
    """Staff keep the list. `months`: how long a paper of this kind proves something, from the day that it bears."""

    name = models.CharField(pgettext_lazy("of a kind of paper", "name"), max_length=80, unique=True)
    proves = ArrayField(models.CharField(max_length=12, choices=Proof.choices), verbose_name=_("what it proves"))
    months = models.PositiveSmallIntegerField(
        _("months that it proves something"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("From the date on the paper. Empty: until the day on which it expires."),
    )
    has_expiry = models.BooleanField(
        _("it bears a day on which it expires"), default=False, help_text=_("The day is then asked for at the desk.")
    )
    is_offered = models.BooleanField(_("offered at the desk"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__isnull=False) | Q(has_expiry=True), name="document_kind_ends_some_day"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.months and not self.has_expiry:
            sentence = _("Say for how many months it proves something, or that it bears a day on which it expires.")
            raise ValidationError({"months": sentence})

    def valid_until(self, dated_on: dt.date, expires_on: dt.date | None) -> dt.date:
        """The last day on which it proves something: the earlier of both ends."""
        ends = [expires_on] if expires_on else []
        if self.months:
            ends.append(dated_on + relativedelta(months=self.months))
        return min(ends)


class DocumentQuerySet(models.QuerySet["Document"]):
    def valid_on(self, day: dt.date) -> "DocumentQuerySet":
        """Those that may be used as proof."""
        return self.filter(valid_until__gte=day, withdrawn_at=None, changed_at=None).exclude(file="")


@pgtrigger.register(
    pgtrigger.ReadOnly(
        name="certified_for_good",
        fields=[
            "sha256",
            "kind",
            "dated_on",
            "expires_on",
            "valid_until",
            "certified_by",
            "certified_at",
            "place",
            "submission_key",
        ],
    )
)
class Document(models.Model):
    """A paper of a customer, seen in the original by `certified_by`. Read through its doors in `selectors` only.

    `file` is empty once the scan was erased; the row stays for as long as a request names it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(DocumentKind, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(storage=private_storage, upload_to="documents/%Y/%m/", max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # of the file as it is stored
    dated_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField()
    place = models.CharField(max_length=120)  # "Burnt Oak Library"
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField(default=timezone.now)
    submission_key = models.CharField(max_length=64, unique=True, editable=False)  # one per filled form
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # when its file was found not to be what was certified

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-certified_at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-certified_at"], name="document_customer"),
            models.Index(fields=["valid_until"], name="document_valid_until"),
            models.Index(fields=["certified_by", "-certified_at"], name="document_certified_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="document_withdrawn_for_a_reason"
            )
        ]
        permissions = [
            ("certify_document", "Can certify documents that they have seen in the original"),
            ("read_document", "Can ask to see certified documents"),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s, original seen on %(day)s at %(place)s") % {
            "kind": self.kind.name,
            "day": date_long(timezone.localdate(self.certified_at)),
            "place": self.place,
        }

    @property
    def seal(self) -> str:
        """The words of the certification."""
        return gettext("Original seen by %(name)s at %(place)s on %(day)s") % {
            "name": self.certified_by,
            "place": self.place,
            "day": date_long(timezone.localdate(self.certified_at)),
        }

    @property
    def fingerprint(self) -> str:
        """In groups of eight, so that two can be compared by eye."""
        return " ".join(self.sha256[at : at + 8] for at in range(0, 64, 8))

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    def is_valid_on(self, day: dt.date) -> bool:
        return bool(self.file) and not self.withdrawn_at and not self.changed_at and day <= self.valid_until

    def why_not(self, day: dt.date) -> str:
        """Why it proves nothing any more; empty while it does."""
        if self.withdrawn_at:
            return gettext("Withdrawn")
        if self.changed_at:
            return gettext("The file was changed")
        if day > self.valid_until:
            return gettext("Expired")
        return "" if self.file else gettext("Erased")


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update))
class Reliance(models.Model):
    """A request relies on a document as proof, with the fingerprint that it had then. Never edited."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="reliances")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["document", "case"], name="reliance_once")]

    def __str__(self) -> str:
        return f"{self.case_id} relies on {self.document_id}"
