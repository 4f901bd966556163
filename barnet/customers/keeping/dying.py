"""What else happens when somebody's death is recorded: rooms above say it, in the same transaction.

dying.register("messages", cancel_what_waits)
"""

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from barnet.customers.models import Customer

_rooms: dict[str, Callable[[Customer], object]] = {}


def register(name: str, act: Callable[[Customer], object]) -> None:
    if name in _rooms:
        raise ImproperlyConfigured(f"{name} already says what a death changes there.")
    _rooms[name] = act


def tell_rooms(customer: Customer) -> None:
    for act in _rooms.values():
        act(customer)
