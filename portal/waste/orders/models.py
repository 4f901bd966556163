"""The catalogue of containers, and what a case about an order holds. Read through `portal.waste.models`."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from barnet.catalogue.models import Fee
from barnet.gazetteer.models import Address
from barnet.kit.pence import LARGEST
from portal.cases.models import Case
from portal.waste.enums import Stream
from portal.waste.orders.enums import Handover, OrderReason

SERVICE_SLUG = "new-bin"
_ONE_TO_TEN = [MinValueValidator(1), MaxValueValidator(10)]


def every_reason() -> list[str]:
    return list(OrderReason.values)


class ContainerKindQuerySet(models.QuerySet["ContainerKind"]):
    def offered(self, on: dt.date) -> "ContainerKindQuerySet":
        return self.filter(Q(offered_to=None) | Q(offered_to__gte=on), offered_from__lte=on)


class ContainerKind(RevisionMixin, models.Model):  # type: ignore[misc]  # Wagtail's bases are untyped
    """A kind of container, from a day to a day: who may have it, how many, how it comes. Its fee is the service's."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, help_text=_("Such as Refuse bin, 240 litres."))
    stream = models.CharField(_("what it is for"), max_length=12, choices=Stream.choices)
    litres = models.PositiveSmallIntegerField(null=True, blank=True)
    description = models.CharField(
        _("name on the list of bins"),
        max_length=80,
        help_text=_("As the supplier of the bins writes it, such as Black 240 litre wheeled bin."),
    )
    purpose = models.CharField(max_length=200, help_text=_("What people put into it."))
    who_may = models.CharField(_("who may have it"), max_length=200, blank=True)
    group = models.SlugField(
        _("counts with"), max_length=40, help_text=_("Kinds with the same word here are counted together at a home.")
    )
    is_emptied = models.BooleanField(
        _("the crew empties it"), default=True, help_text=_("Then it joins the list of the home's bins on delivery.")
    )
    most_held = models.PositiveSmallIntegerField(_("a home may have"), default=1, validators=_ONE_TO_TEN)
    most_ordered = models.PositiveSmallIntegerField(_("in one order"), default=1, validators=_ONE_TO_TEN)
    handover = models.CharField(max_length=10, choices=Handover.choices, default=Handover.DELIVERED)
    collect_at = models.CharField(
        _("where people fetch it"), max_length=200, blank=True, help_text=_("Only for what people fetch themselves.")
    )
    promise_working_days = models.PositiveSmallIntegerField(
        _("working days to deliver"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    reasons = ArrayField(models.CharField(max_length=12, choices=OrderReason.choices), default=every_reason)
    fee_code = models.SlugField(
        max_length=40, blank=True, help_text=_("The code among the fees of the service new-bin. Empty: free.")
    )
    offered_from = models.DateField(_("offered from"))
    offered_to = models.DateField(_("offered to"), null=True, blank=True, help_text=_("Empty: until further notice."))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    objects = ContainerKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of container")
        verbose_name_plural = _("kinds of container")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_to=None) | Q(offered_to__gte=F("offered_from")), name="container_kind_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(most_held__gte=1, most_ordered__gte=1, promise_working_days__gte=1),
                name="container_kind_makes_sense",
            ),
            models.CheckConstraint(
                condition=~Q(handover="collected") | ~Q(collect_at=""), name="container_kind_says_where"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.handover == Handover.COLLECTED and not self.collect_at:
            raise ValidationError({"collect_at": _("Say where people fetch it.")})
        if self.offered_from and self.offered_to and self.offered_to < self.offered_from:
            raise ValidationError({"offered_to": _("Enter a day on or after the first day.")})
        if not self.reasons:
            raise ValidationError({"reasons": _("Choose one reason at least.")})
        if self.fee_code and not Fee.objects.filter(service__slug=SERVICE_SLUG, code=self.fee_code).exists():
            raise ValidationError({"fee_code": _("The service new-bin has no fee with this code.")})


class ContainerOrder(models.Model):
    """What a case about an order is about. One is open for a kind at a home: `Case.same_as_key` sees to it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(ContainerKind, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=12, choices=OrderReason.choices)
    replaces = models.ManyToManyField("waste.Container", related_name="+")  # or are given back
    brought = models.ManyToManyField("waste.Container", related_name="+")  # the bins that the delivery put on the list
    fee = models.PositiveIntegerField(default=0)  # pence
    receipt = models.CharField(max_length=80, blank=True)  # of the payment that staff took

    class Meta:
        indexes = [models.Index(fields=["address", "kind"], name="container_order_address")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=10), name="container_order_number"),
            models.CheckConstraint(condition=Q(fee__lte=LARGEST), name="container_order_fee_is_sane"),
            models.CheckConstraint(condition=Q(fee=0) | ~Q(receipt=""), name="container_order_fee_has_receipt"),
            models.CheckConstraint(condition=~Q(reason="give_back") | Q(fee=0), name="container_order_back_is_free"),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.kind_id} at {self.address_id}"

    @property
    def is_fetched(self) -> bool:
        """We bring nothing: we take away what they give back."""
        return self.reason == OrderReason.GIVE_BACK
