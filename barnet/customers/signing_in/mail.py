"""How sign-in mails leave: through whoever registered to send them, one room above. Nobody registered: it fails.

A mail that silently went nowhere would lock people out, so a missing sender or an unknown kind is an error.
"""

from collections.abc import Mapping
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from barnet.customers.models import User
from barnet.customers.signing_in.mail_kinds import MAIL_KINDS


class Sender(Protocol):
    """Puts one mail of a kind into the outbox, in the caller's transaction. `user` is None for a stranger."""

    def __call__(self, key: str, *, email: str, user: User | None, fields: Mapping[str, object]) -> None: ...


_senders: list[Sender] = []
_KINDS = {kind.key: kind for kind in MAIL_KINDS}


def register_sender(sender: Sender) -> None:
    if _senders:
        raise ImproperlyConfigured("Somebody already sends the mails of sign-in.")
    _senders.append(sender)


def send(key: str, *, email: str, user: User | None, fields: Mapping[str, object]) -> None:
    """`fields` may hold more than the kind names: those that it names are passed on, and all must be there."""
    if key not in _KINDS:
        raise LookupError(f"No kind of sign-in mail is called {key!r}.")
    if not _senders:
        raise ImproperlyConfigured(f"Nobody registered to send mails: {key!r} to a person would be lost.")
    _senders[0](key, email=email, user=user, fields={name: fields[name] for name in _KINDS[key].sample})
