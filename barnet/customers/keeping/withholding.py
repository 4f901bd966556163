"""Readings that a person is not told of, because the law forbids it: whose, why, and until when.

The record is written as always; only the person's own pages and their copy leave it out, until the day is over.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from barnet.customers.models import AccessRecord, Customer, User, WithheldReader

LONGEST = dt.timedelta(days=366)


def told(records: QuerySet[AccessRecord], customer: Customer) -> QuerySet[AccessRecord]:
    """Of readings of the customer, those of which they may be told today."""
    held_back = WithheldReader.objects.filter(customer=customer, until_on__gte=timezone.localdate())
    return records.exclude(Exists(held_back.filter(reader=OuterRef("actor"))))


def withheld_readers(customer: Customer) -> QuerySet[WithheldReader]:
    return (
        WithheldReader.objects.filter(customer=customer).select_related("reader", "set_by").order_by("-until_on", "pk")
    )


@transaction.atomic
def withhold_reader(customer: Customer, *, reader: User, ground: str, until_on: dt.date, by: User) -> WithheldReader:
    """Said anew it takes the place of what was said before; yesterday as the last day ends it."""
    if until_on > timezone.localdate() + LONGEST:
        raise ValueError("A year at most.")
    return WithheldReader.objects.update_or_create(
        customer=customer,
        reader=reader,
        defaults={"ground": ground[:300], "until_on": until_on, "set_by": by, "set_at": timezone.now()},
    )[0]
