"""What happens to the work of somebody who leaves: each room that holds work says how it gives it back.

    leaving.register("cases", hand_back)

A function runs in the transaction in which the person leaves, and answers with a short sentence, or an empty one when
there was nothing. It must be safe to run again.
"""

from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from barnet.customers.actors import Actor
from barnet.customers.models import User


class HandBack(Protocol):
    def __call__(self, leaver: User, *, actor: Actor) -> str: ...


_rooms: dict[str, HandBack] = {}


def register(name: str, hand_back: HandBack) -> None:
    if name in _rooms:
        raise ImproperlyConfigured(f"{name} already says what becomes of a leaver's work.")
    _rooms[name] = hand_back


def hand_back_everything(leaver: User, *, actor: Actor) -> str:
    said = [hand_back(leaver, actor=actor) for hand_back in _rooms.values()]
    return " ".join(filter(None, said))
