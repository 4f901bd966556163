"""Who wants to be told about the collections at a property, and what they were told."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from portal.waste.enums import Stream


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class Subscription(models.Model):
    """Somebody wants to be told about some bins of a property: a customer, or a bare e-mail address once it is proved.

    One for a person and a property. What ended is kept for some weeks, so that nobody is reminded twice who ends and
    begins again.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # names it in links and messages
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(blank=True)
    streams = ArrayField(models.CharField(max_length=12, choices=Stream.choices))
    asked_at = models.DateTimeField(default=timezone.now)  # when we last wrote to prove the e-mail address
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer=None) & ~Q(email="") | Q(customer__isnull=False, email=""),
                name="subscription_of_a_customer_or_an_address",
            ),
            models.UniqueConstraint(
                fields=["address", "customer"], condition=Q(customer__isnull=False), name="subscription_of_customer"
            ),
            models.UniqueConstraint("address", Lower("email"), condition=~Q(email=""), name="subscription_of_email"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(confirmed_at__isnull=False, ended_at=None), name="subscription_active"
            ),
            models.Index(Lower("email"), "asked_at", condition=~Q(email=""), name="subscription_asked"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="subscription_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id or self.email} about {self.address_id}"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class ToldCollection(models.Model):
    """What a subscriber was last told about one collection, named as calendars name it: stream and day of the pattern.

    One row, changed by compare-and-swap in the transaction that writes the message: told once.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="told")
    stream = models.CharField(max_length=12, choices=Stream.choices)
    due_on = models.DateField()
    on = models.DateField()  # the day that they were told
    state = models.CharField(max_length=40, blank=True)  # empty: takes place; "suspended"; "late" and until when
    reminded_on = models.DateField(null=True)  # the day of which they were reminded the evening before

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "stream", "due_on"], name="told_once")]
        indexes = [models.Index(fields=["due_on"], name="told_due")]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.stream} of {self.due_on}"


class ToldUpTo(models.Model):
    """The changes of which every subscriber was told: a fingerprint of shifts and notices. One row."""

    fingerprint = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint
