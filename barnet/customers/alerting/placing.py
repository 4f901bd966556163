"""Placing and ending alerts, and who sees them."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from barnet.customers import access
from barnet.customers.models import Alert, Customer, User

LONGEST = dt.timedelta(days=366)
SEE, SEE_HOUSEHOLD = "customers.view_alert", "customers.view_household"
MOST_AT_HOME = 20


def alerts_in_force() -> QuerySet[Alert]:
    return Alert.objects.filter(ended_at=None, expires_on__gte=timezone.localdate())


def alerts_of(customer: Customer | None, *, seen_by: User) -> list[Alert]:
    """Those in force; none for who may not see them."""
    if customer is None or not seen_by.has_perm(SEE):
        return []
    return list(alerts_in_force().filter(customer=customer).select_related("placed_by").order_by("placed_at"))


def alert_for_staff(user: User, pk: int) -> Alert:
    """The door: one that is in force. The reading is recorded for whom it is about."""
    alert = alerts_in_force().filter(pk=pk).select_related("customer", "placed_by").first()
    if alert is None or not user.has_perm(SEE):
        raise Http404
    access.record(actor=user, customer=alert.customer, what=f"alert {pk}", purpose="alerts to staff")
    return alert


def alerts_to_review() -> QuerySet[Alert]:
    """Soonest first."""
    return alerts_in_force().select_related("customer", "placed_by").order_by("review_on", "pk")


@transaction.atomic
def place_alert(
    customer: Customer,
    *,
    by: User,
    kind: str,
    reason: str,
    review_on: dt.date,
    expires_on: dt.date,
    submission_key: str,
) -> Alert:
    """The same filled form twice places it once. Raises ValueError for days that a form would have refused."""
    today = timezone.localdate()
    if not today <= review_on <= expires_on <= today + LONGEST:
        raise ValueError("An alert is reviewed before it expires, within a year.")
    return Alert.objects.get_or_create(
        submission_key=submission_key,
        defaults={
            "customer": customer,
            "kind": kind,
            "reason": reason[:300],
            "placed_by": by,
            "review_on": review_on,
            "expires_on": expires_on,
        },
    )[0]


@transaction.atomic
def end_alert(alert: Alert, *, by: User, reason: str) -> Alert:
    """Ending what was ended changes nothing."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.ended_at is None:
        alert.ended_at, alert.ended_by, alert.end_reason = timezone.now(), by, reason[:300]
        alert.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return alert


def household_of(customer: Customer, *, seen_by: User) -> list[Customer]:
    """Others who are registered at the same UPRN, for those who may know. That they were shown is recorded for each."""
    if customer.address_id is None or not seen_by.has_perm(SEE_HOUSEHOLD):
        return []
    others = Customer.objects.known().filter(address=customer.address_id).exclude(pk=customer.pk).order_by("name", "pk")
    found = list(others[:MOST_AT_HOME])
    access.record_all(
        actor=seen_by,
        read=[(other, f"household of customer {customer.pk}") for other in found],
        purpose="customer service",
    )
    return found
