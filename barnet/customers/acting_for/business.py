"""Businesses and the people in them. A role is an authority of the kind `business`, so that acting for a business goes
through the same door as acting for a person."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.acting_for import delegating
from barnet.customers.enums import AuthorityKind, BusinessRole, CustomerKind, Power
from barnet.customers.models import Customer, Delegation, User
from barnet.customers.selectors import customer_of, delegations_of


@transaction.atomic
def found_business(*, name: str, owner: User, submission_key: str) -> Customer:
    """The same filled form twice makes one business."""
    business, is_new = Customer.objects.get_or_create(
        submission_key=submission_key, defaults={"kind": CustomerKind.BUSINESS, "name": name.strip()[:150]}
    )
    if is_new:
        delegating.begin(
            principal=business,
            delegate=customer_of(owner),
            kind=AuthorityKind.BUSINESS,
            role=BusinessRole.OWNER,
            services=None,
            evidence=_("Registered the business"),
        )
    return business


def role_in(user: User, business: Customer) -> str:
    """The role that the user has in the business today, or nothing."""
    held = delegations_of(user).filter(principal=business, kind=AuthorityKind.BUSINESS).values_list("role", flat=True)
    return held.first() or ""


def may_give(giver_role: str, role: str) -> bool:
    """Owners give and take every role; managers every role but that of an owner."""
    if giver_role == BusinessRole.OWNER:
        return True
    return giver_role == BusinessRole.MANAGER and role != BusinessRole.OWNER


def people_of(business: Customer) -> list[Delegation]:
    """Everybody with a role today, owners first."""
    held = Delegation.objects.in_force(timezone.localdate()).filter(principal=business, kind=AuthorityKind.BUSINESS)
    order = list(BusinessRole.values)
    return sorted(held.select_related("delegate"), key=lambda one: (order.index(one.role), one.delegate.name, one.pk))


def manages(user: User, business: Customer) -> bool:
    return delegations_of(user).filter(principal=business).allowing(Power.MANAGE).exists()
