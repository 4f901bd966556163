"""Who acts, and for whom, in one request: the answer that every journey starts from.

A visitor acts for nobody known. A resident acts for themselves, or for somebody whose authority they hold and chose
to use. Staff serve the customer whom they picked, through the channel of the call or visit. The session only
remembers the choice: the right to it is looked up again in every request, so that taking it away works at once.
"""

from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from barnet.catalogue.models import Service
from barnet.customers import selectors
from barnet.customers.acting_for import refusing
from barnet.customers.actors import Actor
from barnet.customers.assisting import screen
from barnet.customers.enums import Channel, Power
from barnet.customers.models import AssistedVisit, Customer, User
from barnet.customers.signing_in import second_factor

_SERVING = "serving"
_ACTING_FOR = "acting_for"
_CHANNELS_OF_SERVING = frozenset(Channel) - {Channel.SYSTEM, Channel.WEB, Channel.AUTOMATED}


class NotCoveredError(PermissionDenied):
    """The authority that the person is using does not reach this service."""


@dataclass(frozen=True)
class Party:
    """`customer` is None for a visitor without an account. `is_served`: staff act, at the customer's side."""

    actor: Actor
    customer: Customer | None
    is_served: bool = False
    is_visiting: bool = False  # in person, at a screen that staff handed over: nobody is signed in

    @property
    def is_delegated(self) -> bool:
        user = self.actor.user
        return (
            not self.is_served and user is not None and self.customer is not None and self.customer.user_id != user.pk
        )


def party_for(request: HttpRequest, *, service: Service | None = None, power: Power = Power.ACT) -> Party:
    """With a service, raises NotCoveredError when the authority in use does not reach it, or does not allow `power`."""
    if not hasattr(request, "_party"):
        request._party = _look_up(request)  # type: ignore[attr-defined]
    party: Party = request._party  # type: ignore[attr-defined]
    if service and party.is_delegated and not _covers(party, service, power):
        raise NotCoveredError
    return party


def may_serve(request: HttpRequest) -> bool:
    user = request.user
    return (
        isinstance(user, User)
        and user.is_staff
        and user.has_perm("customers.serve_customer")
        and second_factor.is_proved(request)
    )


def start_serving(request: HttpRequest, customer: Customer, channel: Channel) -> None:
    if not may_serve(request):
        raise PermissionDenied
    if channel not in _CHANNELS_OF_SERVING:
        raise ValueError(f"Nobody is served by {channel}.")
    request.session[_SERVING] = {"customer": customer.pk, "channel": str(channel)}
    request.session.pop(_ACTING_FOR, None)
    _forget(request)


def stop_serving(request: HttpRequest) -> None:
    request.session.pop(_SERVING, None)
    _forget(request)


def start_acting_for(request: HttpRequest, principal: Customer) -> None:
    """The caller has fetched `principal` from `selectors.principals_of`, the door."""
    request.session[_ACTING_FOR] = principal.pk
    _forget(request)


def stop_acting_for(request: HttpRequest) -> None:
    request.session.pop(_ACTING_FOR, None)
    _forget(request)


class Banner:
    """What the pages say about whom one acts for. Asks the database only when a template asks, and once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def serving(self) -> dict[str, str] | None:
        party = self._party
        if party is None or not party.is_served:
            return None
        label = str(Channel(party.actor.channel).label)
        return {
            "name": str(party.customer),
            "channel": label,
            "stop_url": _address("staff_stop_serving"),
            "visit_url": _address("staff_visit") if screen.visit_key(self._request) else "",
        }

    @cached_property
    def acting_for(self) -> dict[str, str] | None:
        party = self._party
        if party is None or not party.is_delegated:
            return None
        return {"name": str(party.customer), "stop_url": _address("account_stop_acting_for")}

    @cached_property
    def _party(self) -> Party | None:
        request = self._request
        if not hasattr(request, "user") or request.user.is_anonymous:
            return None
        if not {_SERVING, _ACTING_FOR} & set(request.session.keys()):
            return None
        return party_for(request)


def _look_up(request: HttpRequest) -> Party:
    if not hasattr(request, "user") or request.user.is_anonymous:
        return _visiting(request) or Party(Actor.visitor(), None)
    user = cast(User, request.user)
    return _served(request, user) or _delegated(request, user) or _own(user)


def _visiting(request: HttpRequest) -> Party | None:
    key = screen.handed_over_key(request)
    if key is None:
        return None
    visit = AssistedVisit.objects.going_on(key).select_related("customer__address", "customer__user").first()
    return Party(Actor.in_person(visit.pk), visit.customer, is_visiting=True) if visit else None


def _served(request: HttpRequest, user: User) -> Party | None:
    remembered = request.session.get(_SERVING)
    if not remembered:
        return None
    customer = Customer.objects.select_related("address", "user").filter(pk=remembered["customer"]).first()
    if customer and customer.merged_into_id:
        customer = Customer.objects.select_related("address", "user").get(pk=customer.merged_into_id)
    if customer is None or not may_serve(request):
        del request.session[_SERVING]
        return None
    actor = Actor.staff(user, Channel(remembered["channel"]), screen.visit_key(request))
    return Party(actor, customer, is_served=True)


def _delegated(request: HttpRequest, user: User) -> Party | None:
    remembered = request.session.get(_ACTING_FOR)
    if not remembered:
        return None
    principal = selectors.principals_of(user).select_related("address", "user").filter(pk=remembered).first()
    if principal is None:
        refusing.authority_refused(request, user, f"customer {remembered}")
        del request.session[_ACTING_FOR]
        return None
    return Party(Actor.online(user, principal), principal)


def _own(user: User) -> Party:
    customer = selectors.customer_of(user)
    return Party(Actor.online(user, customer), customer)


def _covers(party: Party, service: Service, power: Power) -> bool:
    return selectors.may_act(cast(User, party.actor.user), cast(Customer, party.customer), service, power)


def _forget(request: HttpRequest) -> None:
    if hasattr(request, "_party"):
        del request._party


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
