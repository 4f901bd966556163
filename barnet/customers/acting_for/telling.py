"""How people are told who may act for whom: through whoever registered to send messages, one room above.

Nobody registered: it fails, because an authority that nobody was told of would be a trap.
"""

from collections.abc import Mapping
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from barnet.customers.acting_for.people_kinds import PEOPLE_KINDS
from barnet.customers.models import Customer


class Teller(Protocol):
    """Puts a message of a kind into the outbox, in the caller's transaction. `event` names what happened, once.

    It goes to the customer by the ways that they chose, or, to somebody whom we do not know yet, to `email`.
    """

    def __call__(
        self, key: str, *, event: str, customer: Customer | None, email: str, fields: Mapping[str, object]
    ) -> None: ...


_tellers: list[Teller] = []
_KINDS = {kind.key: kind for kind in PEOPLE_KINDS}


def register_teller(teller: Teller) -> None:
    if _tellers:
        raise ImproperlyConfigured("Somebody already tells people who may act for whom.")
    _tellers.append(teller)


def tell(
    key: str, *, event: str, fields: Mapping[str, object], customer: Customer | None = None, email: str = ""
) -> None:
    """`fields` may hold more than the kind names. Nobody writes to the dead."""
    if key not in _KINDS:
        raise LookupError(f"No kind of message about people is called {key!r}.")
    if not _tellers:
        raise ImproperlyConfigured(f"Nobody registered to tell people: {key!r} would be lost.")
    if customer is not None and not customer.is_written_to:
        return
    named = {name: fields[name] for name in _KINDS[key].sample}
    _tellers[0](key, event=event, customer=customer, email=email, fields=named)
