"""Reads about customers. The doors: `customer_for_staff` for staff, `customers_for` for residents and delegates."""

import datetime as dt
from uuid import UUID

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers import access
from barnet.customers.enums import ContactKind, EndedBy, Power
from barnet.customers.finding import search_customers  # noqa: F401 - read from here
from barnet.customers.keeping.withholding import told
from barnet.customers.models import (
    AccessRecord,
    ContactPoint,
    Customer,
    Delegation,
    DelegationQuerySet,
    Invitation,
    Need,
    User,
)
from barnet.customers.reaching.phones import normalised_phone
from barnet.customers.signing_in import watch
from barnet.customers.signing_in.security import SecurityEvent


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


def reach_of(user: User, power: Power = Power.READ) -> list[tuple[int, int | None]]:
    """What the authorities that the user holds today reach, as (principal, service); no service: every service.

    For lists of other rooms: one query, however many there are.
    """
    rows = delegations_of(user).allowing(power).values_list("principal", "covers_everything", "covered__service")
    return [
        (principal, None if everything else service) for principal, everything, service in rows if everything or service
    ]


def may_act(user: User, customer: Customer, service: Service, power: Power = Power.ACT) -> bool:
    """Themselves, or with an authority in force that reaches the service and allows it."""
    if customer.user_id == user.pk:
        return True
    held = delegations_of(user).covering(service).allowing(power)
    return held.filter(principal=customer).exists()


def principals_of(user: User) -> QuerySet[Customer]:
    """The people for whom the user may act today, for some service at least."""
    return Customer.objects.filter(pk__in=delegations_of(user).values("principal")).order_by("name", "pk")


def security_events_of(user: User) -> QuerySet[SecurityEvent]:
    """What happened to somebody's login, newest first."""
    return SecurityEvent.objects.filter(user=user).order_by("-at", "-pk")


def security_record(*, email: str = "", kind: str = "", since: dt.date | None = None) -> QuerySet[SecurityEvent]:
    """For staff. An e-mail address finds what happened to its account, and what was tried with it before it had one."""
    found = SecurityEvent.objects.select_related("user", "user__customer").order_by("-at", "-pk")
    if email:
        found = found.filter(Q(user__email=email.lower()) | Q(tried=watch.fingerprint(email.lower())))
    if kind:
        found = found.filter(kind=kind)
    if since:
        found = found.filter(at__gte=dt.datetime.combine(since, dt.time(), tzinfo=timezone.get_current_timezone()))
    return found


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
    if customer.merged_into_id:  # an old link or list: their record is that one now
        customer = Customer.objects.select_related("address", "user").get(pk=customer.merged_into_id)
    access.record(actor=user, customer=customer, what=f"customer {customer.pk}", purpose=purpose)
    return customer


def detail_since(customer: Customer, field: str) -> dt.date:
    """The day since when a detail of theirs is what it is now: `name`, `email`, `phone`, `address`, `born_on`."""
    history = apps.get_model("customers", "CustomerEvent").objects.filter(pgh_obj_id=customer.pk)
    other = history.exclude(**{field: getattr(customer, field)}).order_by("-pgh_created_at")
    latest_other = other.values_list("pgh_created_at", flat=True).first()
    same = history.filter(pgh_created_at__gt=latest_other) if latest_other else history
    since = same.order_by("pgh_created_at").values_list("pgh_created_at", flat=True).first()
    return timezone.localdate(since or customer.created_at)


def needs_of(customer: Customer) -> list[Need]:
    return list(customer.needs.filter(ended_at=None))


def other_points_of(customer: Customer) -> list[ContactPoint]:
    """Further e-mail addresses and numbers, beside those that stand in the record."""
    first = {customer.email.lower(), normalised_phone(customer.phone)}
    kinds = [ContactKind.EMAIL, ContactKind.MOBILE, ContactKind.LANDLINE]
    return [point for point in customer.contact_points.filter(kind__in=kinds).best_first() if point.value not in first]


def readings_of(customer: Customer) -> QuerySet[AccessRecord]:
    """Who read this person's data, newest first, as they are told of it."""
    records = told(AccessRecord.objects.filter(customer__in=customer.identities), customer)
    return records.select_related("api_key").prefetch_related("actor__groups").order_by("-at", "-pk")


# --- Authorities and invitations, by their doors ---


def authority_for(user: User, pk: int) -> tuple[Delegation, EndedBy]:
    """An authority, and on which side the user stands: 404 for everybody who is on neither.

    On the side that gave it stand the person themselves, and whoever looks after the people of a business.
    """
    found = Delegation.objects.select_related("principal", "delegate").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.delegate.user_id == user.pk:
        return found, EndedBy.DELEGATE
    if stands_for(user, found.principal):
        return found, EndedBy.PRINCIPAL
    raise Http404


def stands_for(user: User, principal: Customer) -> bool:
    """May they give and take authority for this customer? Nobody passes on what a person gave them."""
    if principal.user_id == user.pk:
        return True
    return delegations_of(user).filter(principal=principal).allowing(Power.MANAGE).exists()


def invitation_for(user: User, pk: UUID | str, *, by_code: object = None) -> tuple[Invitation, bool]:
    """An invitation, and whether the user may answer it (else they made it): 404 for everybody else.

    An e-mail's answers the login that proved the address; a letter's the session that typed its code: `by_code` is
    the invitation whose code this session typed.
    """
    found = Invitation.objects.select_related("principal", "invited_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    if (found.email and found.email in verified_emails(user)) or (not found.email and str(found.pk) == str(by_code)):
        return found, True
    if stands_for(user, found.principal):
        return found, False
    raise Http404


def invitations_to(user: User) -> QuerySet[Invitation]:
    """Those that wait for this login's answer."""
    waiting = Invitation.objects.waiting().filter(email__in=verified_emails(user))
    return waiting.select_related("principal").order_by("-created_at")


def invitations_of(principal: Customer) -> QuerySet[Invitation]:
    return principal.invitations.waiting().prefetch_related("services").order_by("-created_at")


def authorities_given(principal: Customer) -> QuerySet[Delegation]:
    """Those that nobody ended, also when they ran out: they can be renewed."""
    given = Delegation.objects.open().filter(principal=principal).select_related("delegate", "principal")
    return given.prefetch_related("services").order_by("delegate__name", "pk")


def authorities_held(customer: Customer) -> QuerySet[Delegation]:
    held = Delegation.objects.open().filter(delegate=customer).select_related("principal", "delegate")
    return held.prefetch_related("services").order_by("principal__name", "pk")
