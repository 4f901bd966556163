"""The contact log as staff read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from barnet.customers.models import Customer, User
from barnet.customers.services import record_access
from portal.cases.models import Case, Contact, ContactPerson, ContactReason
from portal.cases.selectors.seeing import bounds_of, cases_seen_by, sees

_SHOWN = ("actor", "service", "case", "reason", "subject", "person__customer")


@dataclass(frozen=True)
class ContactFilters:
    """Empty means: does not matter."""

    is_nobodys: bool = False  # an unknown caller's, and nobody found out whose since
    channel: str = ""
    reason: ContactReason | None = None


def contacts(filters: ContactFilters, user: User) -> QuerySet[Contact]:
    """Keys, newest first, but of contacts about requests that they do not see. Cut the page, then read its rows by
    `contact_rows`."""
    where = Q(subject=None, person=None) if filters.is_nobodys else Q()
    if filters.channel:
        where &= Q(channel=filters.channel)
    if filters.reason:
        where &= Q(reason=filters.reason)
    return Contact.objects.filter(where, _about_seen(user)).order_by("-at", "-id")


def contact_rows(keys: Sequence[int]) -> list[Contact]:
    """Contacts with these keys, in this order, with what a row shows."""
    found = Contact.objects.select_related(*_SHOWN).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def contacts_of_customer(customer: Customer, user: User, *, limit: int) -> list[Contact]:
    """Their newest, those of a caller who was named later among them. Two index walks, then the rows."""
    own = Contact.objects.filter(_about_seen(user), subject__in=customer.identities).values_list("pk", "at")
    named = ContactPerson.objects.filter(_about_seen(user, "contact__"), customer__in=customer.identities)
    named_keys = named.values_list("contact", "contact__at")
    keys = own.order_by().union(named_keys.order_by(), all=True).order_by("-at", "-id")[:limit]
    return contact_rows([key for key, _at in keys])


def contact_keys_of(customer: Customer) -> QuerySet[Contact]:
    """Every contact of a customer, for counting and for their copy."""
    own = Contact.objects.filter(subject__in=customer.identities).order_by().values("pk")
    named = ContactPerson.objects.filter(customer__in=customer.identities).values("contact")
    return Contact.objects.filter(pk__in=own.union(named))


def contacts_of_case(case: Case) -> QuerySet[Contact]:
    return Contact.objects.filter(case=case).select_related("actor", "subject").order_by("-at")


def contact_for_staff(user: User, pk: int, *, purpose: str) -> Contact:
    """The door: 404 without the right, as for no such contact. The reading is recorded for whoever it is about."""
    if not user.has_perms(["customers.view_customer", "cases.view_contact"]):
        raise Http404
    found = contact_rows([pk])
    if not found or (found[0].case and not sees(user, found[0].case)):
        raise Http404
    record_access(actor=user, customer=person_of(found[0]), what=f"contact {pk}", purpose=purpose)
    return found[0]


def _about_seen(user: User, to_contact: str = "") -> Q:
    if bounds_of(user) is None:
        return Q()
    return Q(**{f"{to_contact}case": None}) | Q(**{f"{to_contact}case__in": cases_seen_by(user).values("pk")})


def person_of(contact: Contact) -> Customer | None:
    named = getattr(contact, "person", None)
    return contact.subject or (named.customer if named else None)
