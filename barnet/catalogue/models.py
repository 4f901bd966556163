"""The services that the council offers: what, for whom, at what price, how to start, and who helps.

Two eyes: a change is a draft until somebody who did not write it publishes it (`barnet.catalogue.two_eyes`).
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator, validate_email
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, PreviewableMixin, RevisionMixin

from barnet.catalogue.enums import ChannelPolicy, Concession, ContactKind, Vat
from barnet.kit.pence import LARGEST, PenceField

OWN_PATH = RegexValidator(
    r"^/([\w.~-][\w./~-]*(\?[\w=&%.+-]*)?)?$", _("Enter an address of this website, such as /bins/.")
)
PHONE = RegexValidator(r"^\+?[0-9 ]{6,20}$", _("Enter a telephone number, such as 020 7946 0100."))
_VALUE_CHECKS: dict[ContactKind, Callable[[str], None]] = {ContactKind.PHONE: PHONE, ContactKind.EMAIL: validate_email}


class Category(models.Model):  # type: ignore[django-manager-missing]  # Wagtail's bases are untyped
    """A topic under which services are listed."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    summary = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(
        _("place in the list"), default=100, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service_category", args=[self.slug])


class Service(PreviewableMixin, DraftStateMixin, RevisionMixin, ClusterableModel):  # type: ignore[misc]
    """A thing that a customer can ask for, the standard in working days, and where it starts.

    `live` says whether the public sees it. A service is never deleted, because requests name it for ever.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    summary = models.CharField(max_length=300)
    body = models.TextField(
        _("what it is"),
        max_length=4000,
        blank=True,
        db_default="",
        help_text=_("Plain text. An empty line begins a new paragraph."),
    )
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="services")
    owner_unit = models.CharField(max_length=60)
    standard_working_days = models.PositiveSmallIntegerField(
        default=5, help_text=_("0: people get the answer at once, nothing is promised.")
    )
    same_within_metres = models.PositiveSmallIntegerField(
        _("metres within which two requests may be the same"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(1000)],
        help_text=_("Staff are shown open requests of this service so near to another. 0: none."),
    )
    who_may = models.TextField(
        _("who may use it"), max_length=600, blank=True, db_default="", help_text=_("Empty: everybody.")
    )
    channel_policy = models.CharField(
        max_length=12,
        choices=ChannelPolicy.choices,
        default=ChannelPolicy.ANY,
        db_default=ChannelPolicy.ANY,
        help_text=_("Self-service only: the page leads online, and offers help to do it. Help is never switched off."),
    )
    start_path = models.CharField(
        max_length=200,
        blank=True,
        validators=[OWN_PATH],
        help_text=_("An address of this website, such as /bins/. Empty: people are told how to contact us."),
    )
    search_words = models.CharField(  # what people really type
        max_length=300, blank=True, help_text=_("What people really type when they look for it.")
    )
    lgsl = models.PositiveIntegerField(
        "LGSL number",
        null=True,
        blank=True,
        unique=True,
        help_text=_("The number of this service in the Local Government Services List."),
    )
    review_on = models.DateField(_("review by"), null=True, blank=True)
    review_owner = models.CharField(
        _("reviewed by"),
        max_length=100,
        blank=True,
        db_default="",
        help_text=_("The team or role that checks that all is true."),
    )

    shown: ClassVar[Callable[["Service"], dict[str, Any]]]  # what its page shows; `ready()` fills it in

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["category", "name"], name="service_category"),
            models.Index(fields=["review_on"], name="service_review"),
        ]
        permissions = [("publish_service", "Can publish what somebody else wrote, and take services down")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.slug])

    @property
    def is_self_service_only(self) -> bool:
        return self.channel_policy == ChannelPolicy.SELF_SERVICE

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "catalogue/service.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), **Service.shown(self)}


class FeeQuerySet(models.QuerySet["Fee"]):
    def on(self, day: dt.date) -> "FeeQuerySet":
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Fee(models.Model):
    """What is paid for one thing, by one kind of payer, from a day to a day, both included. Kept when it is over."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="fees")
    code = models.SlugField(
        max_length=40, help_text=_("Short name of what is paid for. The same in every period, such as garden-240.")
    )
    label = models.CharField(_("what is paid for"), max_length=80)
    concession = models.CharField(
        _("who pays this"), max_length=12, choices=Concession.choices, default=Concession.STANDARD
    )
    amount = PenceField(_("amount in pounds"))
    vat = models.CharField("VAT", max_length=10, choices=Vat.choices, default=Vat.OUTSIDE)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day. Empty: until further notice."))

    objects = FeeQuerySet.as_manager()

    class Meta:
        ordering = ["label", "code", "concession", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="fee_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(amount__lte=LARGEST), name="fee_amount_is_sane"),
            ExclusionConstraint(
                name="fee_one_at_a_time",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("concession", RangeOperators.EQUAL),
                    (
                        Func(
                            "from_on",
                            "to_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # At commit: two periods are moved in any order when a draft is published.
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Two fees for the same thing and payer overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.get_concession_display()}, {self.from_on}"

    def overlaps(self, other: "Fee") -> bool:
        ends, other_ends = self.to_on or dt.date.max, other.to_on or dt.date.max
        return self.from_on <= other_ends and other.from_on <= ends


class WayToReachUs(models.Model):
    """A line, a mailbox, a counter or a postal address, and when somebody is there."""

    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    label = models.CharField(_("whom people reach"), max_length=80)
    value = models.CharField(_("number or address"), max_length=200)
    hours_at = models.CharField(
        _("opening hours of"),
        max_length=100,
        blank=True,
        help_text=_("The place as it is called among the opening hours. Empty: no hours are shown."),
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"

    def clean(self) -> None:
        check = _VALUE_CHECKS.get(ContactKind(self.kind)) if self.kind in ContactKind.values else None
        try:
            if check:
                check(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from None


class ContactWay(Orderable, WayToReachUs):  # type: ignore[misc]
    """Another way to ask for one service than to start it online."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="contact_ways")


class HelpPoint(WayToReachUs):
    """Where somebody does it with you, whatever the service: shown on every service page."""

    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "label"], name="help_point_once")]
