"""Who may read what of assisted collections. Two doors: `arrangement_for` (residents) and `arrangement_for_staff`."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import Party
from barnet.customers.enums import Power
from barnet.customers.models import User
from barnet.customers.selectors import reach_of, verified_emails
from barnet.customers.services import record_access
from barnet.gazetteer.models import Address
from portal.cases.models import Case
from portal.waste.assisted.services import SERVICE_SLUG
from portal.waste.models import AssistedCollection, AssistedRequest, Collection

VIEW, CHANGE, NEED = (
    "waste.view_assistedcollection",
    "waste.change_assistedcollection",
    "waste.read_need",
)


def arrangements_for(user: User | AnonymousUser, power: Power = Power.READ) -> QuerySet[AssistedCollection]:
    """The user's own, and those of people who gave authority for this service. Knowing the address gives no right."""
    if not isinstance(user, User):
        return AssistedCollection.objects.none()
    service = Service.objects.filter(slug=SERVICE_SLUG).values_list("pk", flat=True).first()
    principals = [who for who, what in reach_of(user, power) if what in (None, service)]
    theirs = Q(customer__user=user) | Q(customer__in=principals)
    emails = verified_emails(user)
    found = AssistedCollection.objects.alias(lower=Lower("email"))
    return found.filter(theirs | Q(customer=None, lower__in=emails) if emails else theirs)


def arrangement_for(user: User | AnonymousUser, pk: int, power: Power = Power.READ) -> AssistedCollection:
    """The door for residents: 404 for strangers. Who may read but not act is told so."""
    found = arrangements_for(user).filter(pk=pk).select_related("address", "customer", "case__service").first()
    if found is None:
        raise Http404
    if power != Power.READ and not arrangements_for(user, power).filter(pk=pk).exists():
        raise PermissionDenied
    return found


def arrangements_shown(party: Party) -> QuerySet[AssistedCollection]:
    """Those of the account that is shown, not over. While staff serve somebody: none, they have pages of their own."""
    user, customer = party.actor.user, party.customer
    if user is None or customer is None or party.is_served:
        return AssistedCollection.objects.none()
    shown = Q(customer=customer)
    if not party.is_delegated:
        shown |= Q(customer=None)
    current = arrangements_for(user).filter(shown).not_over(timezone.localdate())  # type: ignore[attr-defined]
    return current.select_related("address").order_by("from_on", "pk")


def knows_of_help(party: Party, address: Address) -> bool:
    """Whether they may know that the crew fetches the bins there. A shorter promise would tell everybody else."""
    if party.is_served:
        return AssistedCollection.objects.filter(address=address, customer=party.customer).exists()
    return arrangements_shown(party).filter(address=address).exists()


def sent_case(results: Sequence[tuple[int, str]]) -> Case | None:
    """The case of what one browser sent, by its proof."""
    return Case.objects.filter(pk__in=dict(results), service__slug=SERVICE_SLUG).first()


# --- For staff --------------------------------------------------------------------------------------------------------


def arrangement_for_staff(user: User, pk: int, *, purpose: str) -> AssistedCollection:
    """The door for staff, who leave a record that they read."""
    if not user.has_perm(VIEW):
        raise PermissionDenied
    found = (
        AssistedCollection.objects.filter(pk=pk).select_related("address", "customer__user", "case__service").first()
    )
    if found is None:
        raise Http404
    record_access(actor=user, customer=found.customer, what=f"assisted collection {found.pk}", purpose=purpose)
    return found


def request_of(case: Case) -> AssistedRequest | None:
    return AssistedRequest.objects.filter(case=case).select_related("address", "agreed_text").first()


def others_at(case: Case) -> tuple[list[Case], list[AssistedCollection]]:
    """Other open requests for help at the same home, and its arrangements that are not over."""
    asked = AssistedRequest.objects.filter(address=case.address_id).exclude(case=case)
    cases = Case.objects.open().filter(pk__in=asked.values("case")).order_by("opened_at")
    today = timezone.localdate()
    held = AssistedCollection.objects.filter(address=case.address_id).not_over(today)
    return list(cases), list(held.select_related("case").order_by("from_on"))


def crew_list(round_code: str = "") -> QuerySet[AssistedCollection]:
    """The homes whose bins crews fetch, of one round or of all."""
    found = AssistedCollection.objects.not_over(timezone.localdate()).select_related("address", "customer")
    if round_code:
        found = found.filter(address__in=Collection.objects.filter(round__code=round_code).values("address"))
    return found.order_by("address__street", "address__pao_start_number", "pk")
