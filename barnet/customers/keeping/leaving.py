"""What else goes when somebody's account is closed for good: rooms above say it, in the same transaction.

leaving.register("documents", forget_papers)
"""

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from barnet.customers.models import Customer, User

_rooms: dict[str, Callable[[Customer], object]] = {}


def register(name: str, act: Callable[[Customer], object]) -> None:
    if name in _rooms:
        raise ImproperlyConfigured(f"{name} already says what goes there with an account.")
    _rooms[name] = act


def tell_rooms(user: User) -> None:
    for customer in Customer.objects.filter(user=user):
        for act in _rooms.values():
            act(customer)
