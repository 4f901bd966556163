"""What the services have for a customer: one line each on their page, read while they are on the telephone.

A room registers from `AppConfig.ready()`. Its lines depend on who reads: what a member of staff may not see is not
there. A second registration of a key is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from barnet.customers.models import Customer, User

Words = str | Promise


@dataclass(frozen=True)
class Link:
    """`service`: what it is. `says`: the answer that callers ask for. `url`: where it goes on."""

    service: Words
    says: Words
    url: str = ""


@dataclass(frozen=True)
class LinkedService:
    """`links(customer, reader)`: in a fixed number of queries, however much there is."""

    key: str
    links: Callable[[Customer, User], Sequence[Link]]
    order: int = 50


_linked: dict[str, LinkedService] = {}


def register(service: LinkedService) -> None:
    if service.key in _linked:
        raise ImproperlyConfigured(f"Two rooms are linked to customers as {service.key!r}.")
    _linked[service.key] = service


def links_of(customer: Customer, reader: User) -> list[Link]:
    ordered = sorted(_linked.values(), key=lambda service: (service.order, service.key))
    return [link for service in ordered for link in service.links(customer, reader)]
