"""Reads about customers. The doors: `customer_for_staff` for staff, `customers_for` for residents and delegates."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers import access
from barnet.customers.models import Customer, Delegation, DelegationQuerySet, User


def customer_of(user: User) -> Customer:
    """The customer behind a login, made on first need."""
    return Customer.objects.of(user)


def customers_for(user: User, on: dt.date | None = None, service: Service | None = None) -> QuerySet[Customer]:
    """The user's own customer, and those for whom they may act on a day, today by default.

    Without a service, only people who gave authority for every service; with one, those who gave it for that, too.
    """
    held = delegations_of(user, on).covering(service)
    return Customer.objects.filter(Q(user=user) | Q(pk__in=held.values("principal")))


def delegations_of(user: User, on: dt.date | None = None) -> DelegationQuerySet:
    """The authorities that the user holds and that are in force on a day, today by default."""
    return Delegation.objects.in_force(on or timezone.localdate()).held_by(user)


def principals_of(user: User) -> QuerySet[Customer]:
    """The people for whom the user may act today, for some service at least."""
    return Customer.objects.filter(pk__in=delegations_of(user).values("principal")).order_by("name", "pk")


def verified_emails(user: User) -> list[str]:
    """Addresses, in lower case, that the user has proved to be their own."""
    emails = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return [email.lower() for email in emails]


def customer_for_staff(user: User, pk: int, *, purpose: str) -> Customer:
    """The door for staff, who leave a record that they read. Http404 without the right, as for no such customer."""
    if not user.has_perm("customers.view_customer"):
        raise Http404
    customer = Customer.objects.select_related("address", "user").filter(pk=pk).first()
    if customer is None:
        raise Http404
    access.record(actor=user, customer=customer, what=f"customer {customer.pk}", purpose=purpose)
    return customer


def search_customers(text: str, *, limit: int = 20) -> list[Customer]:
    """Customers by name, e-mail, telephone number or postcode, for staff; nothing for fewer than three signs."""
    if len(text.strip()) < 3:
        return []
    return list(Customer.objects.found_by(text).select_related("address").order_by("name", "pk")[:limit])
