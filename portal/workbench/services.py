"""Acts that are two services at once, or that leave a record of having happened."""

from django.core.cache import cache
from django.db import transaction

from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from barnet.customers.services import create_customer, record_access
from barnet.kit.uploads import CleanPhoto
from portal.cases.models import Case
from portal.cases.services import attach_photo, resolve_case, take_turn

_AN_HOUR = 3600


@transaction.atomic
def resolve_with_photo(
    case: Case, *, actor: Actor, outcome: str, public_reason: str, photo: CleanPhoto | None, version: int
) -> Case:
    """Refusals come before the photo is stored, so that none is left behind."""
    case = resolve_case(case, actor=actor, outcome=outcome, public_reason=public_reason, version=version)
    if photo:
        attach_photo(case, actor=actor, photo=photo)
    return case


@transaction.atomic
def meet_customer(*, submission_key: str, name: str, email: str, phone: str, address_text: str) -> Customer:
    """A record for somebody who calls or visits. The same filled form twice makes one."""
    take_turn(f"customer:{submission_key}")
    remembered = f"workbench:customer:{submission_key}"
    known = Customer.objects.filter(pk=cache.get(remembered)).first()
    if known:
        return known
    customer = create_customer(name=name, email=email, phone=phone, address_text=address_text)
    cache.set(remembered, customer.pk, _AN_HOUR)
    return customer


def record_export(*, actor: User, filters: str) -> None:
    record_access(actor=actor, customer=None, what="list of requests exported", purpose=filters or "all open requests")
