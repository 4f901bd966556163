"""What somebody asked for, and what was agreed. Read through `portal.waste.models`."""

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils import timezone

from barnet.customers.models import Customer, PurposeText
from barnet.gazetteer.models import Address
from portal.cases.models import Case
from portal.waste.assisted.enums import Need, Standing

ONE_DAY = dt.timedelta(days=1)


class WhereBinsStand(models.Model):
    """What the crew must know to fetch the bins."""

    stands = models.CharField(max_length=10, choices=Standing.choices)
    place = models.CharField(max_length=200, blank=True)  # "behind the green gate"
    gate_code = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def where(self) -> str:
        return ": ".join(filter(None, [str(self.get_stands_display()), self.place]))


class AssistedRequest(WhereBinsStand):
    """What a case about an assisted collection asks for. The need tells about health: only some staff read it.

    It stands here and not among the answers of the case, which everybody reads who works with requests.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    need = models.CharField(max_length=12, choices=Need.choices, blank=True)  # empty: forgotten
    need_words = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)  # the last day that they asked for; empty: for as long as needed
    agreed_text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="+")  # what they read
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["address"], name="assisted_request_address")]
        permissions = [("read_need", "Can read why somebody needs an assisted collection")]

    def __str__(self) -> str:
        return f"{self.case_id} asks for {self.address_id}"


class AssistedCollectionQuerySet(models.QuerySet["AssistedCollection"]):
    def in_force(self, on: dt.date) -> "AssistedCollectionQuerySet":
        return self.filter(Q(over_on=None) | Q(over_on__gt=on), from_on__lte=on)

    def not_over(self, on: dt.date) -> "AssistedCollectionQuerySet":
        """In force, or agreed for later."""
        return self.filter(Q(over_on=None) | Q(over_on__gt=on))


class AssistedCollection(WhereBinsStand):
    """The crew fetches the bins of a home from `from_on` on, up to the day before `over_on`.

    One at a time for a home: the database refuses two whose days overlap. One that ends before it began has no days.
    It keeps its customer itself: it may outlive the personal data of the case that granted it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)  # of somebody without a record
    from_on = models.DateField()
    over_on = models.DateField(null=True, blank=True)  # the first day without it
    review_on = models.DateField()  # by then they tell us whether it is still needed
    review_asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # A trigger keeps it. The devices of crews ask for what changed since.
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = AssistedCollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(over_on=None) | Q(over_on__gte=F("from_on")), name="assisted_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="assisted_one_at_a_time",
                expressions=[
                    ("address", RangeOperators.EQUAL),
                    (
                        Func("from_on", "over_on", function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="assisted_customer"),
            models.Index(fields=["changed_at", "id"], name="assisted_changed"),
            models.Index(fields=["case"], name="assisted_case"),
            models.Index(fields=["review_on"], name="assisted_review"),
            models.Index(fields=["over_on"], name="assisted_over", condition=Q(over_on__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="says_when_it_changed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.changed_at = clock_timestamp(); RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address_id} from {self.from_on}"

    @property
    def last_on(self) -> dt.date | None:
        return self.over_on - ONE_DAY if self.over_on else None

    def is_over(self, on: dt.date) -> bool:
        return self.over_on is not None and self.over_on <= on

    def is_in_force(self, on: dt.date) -> bool:
        return self.from_on <= on and not self.is_over(on)
