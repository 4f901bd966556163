"""How long each kind of record is kept. Every app registers the kinds that it holds; people edit the periods.

    retention.register(Kind(
        key="message-texts", name=_("Texts of messages"), action=_("The text is deleted; that it was sent stays."),
        days=730, reason=_("..."), legal_basis=_("..."), age="sent_at", find=old_messages, apply=blank_messages,
    ))

`find` gives the rows that a kind is about and that are not dealt with yet, without looking at their age; `age` names
the field that tells it. `apply` gets some hundred of the old ones, inside a transaction, and returns how many it dealt
with: afterwards `find` does not give them any more. Where a trigger forbids changes (append-only tables), `apply` is
the one place that may lift it, with `pgtrigger.ignore("app.Model:append_only")`, for those rows.

A room above that still needs some of those rows says so; they stay, however old they are:

    retention.keep("ended-authorities", lambda: Q(principal__in=customers_with_open_requests()))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise


class DuplicateKindError(ValueError):
    """Two kinds under one key: one of them would silently be kept for ever."""


class UnknownKindError(LookupError):
    """No kind is registered under this key."""


@dataclass(frozen=True)
class Kind:
    key: str
    name: str | Promise
    action: str | Promise  # what happens when its time is over
    days: int  # until somebody edits it
    reason: str | Promise
    legal_basis: str | Promise
    age: str  # a field, or a lookup to one
    find: Callable[[], QuerySet[Any]]
    apply: Callable[[QuerySet[Any]], int]


_kinds: dict[str, Kind] = {}
_kept: dict[str, list[Callable[[], Q]]] = {}


def register(kind: Kind) -> None:
    if kind.key in _kinds:
        raise DuplicateKindError(kind.key)
    if kind.days < 1:
        raise ValueError(f"{kind.key}: at least one day.")
    _kinds[kind.key] = kind


def keep(key: str, still_needed: Callable[[], Q]) -> None:
    _kept.setdefault(key, []).append(still_needed)


def rows_of(kind: Kind) -> QuerySet[Any]:
    """What a kind finds, without what a room still needs."""
    rows = kind.find()
    for still_needed in _kept.get(kind.key, []):
        rows = rows.exclude(still_needed())
    return rows


def delete_rows(rows: QuerySet[Any]) -> int:
    """An `apply` that deletes, and counts the rows of the kind, not those that hung on them.

    By key: what makes a row old may stand in another table, which a delete cannot look at.
    """
    keys = list(rows.values_list("pk", flat=True))
    return rows.model._base_manager.filter(pk__in=keys).delete()[1].get(rows.model._meta.label, 0)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(key: str) -> Kind:
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownKindError(key) from None
