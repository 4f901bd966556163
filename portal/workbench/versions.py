"""What changed between two versions of a case, as the database's trigger kept them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from barnet.customers.models import User

_NOT_SHOWN = {"id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "version", "submission_key"}


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    by: str
    address: str  # of the page that did it
    rows: list[tuple[str, str, str]]  # field, before, after


def changes_of(events: Iterable[Any]) -> list[Change]:
    """Events newest first → changes newest first. The oldest event is the case as it was received."""
    newest_first = list(events)
    people = _people(newest_first)
    return [_change(new, old, people) for new, old in pairwise([*newest_first, None]) if new is not None]


def _change(new: Any, old: Any | None, people: dict[int, str]) -> Change:
    context = new.pgh_context.metadata if new.pgh_context else {}
    rows = []
    for field in new._meta.fields:
        if field.name in _NOT_SHOWN:
            continue
        before, after = (_text(event, field) if event else "" for event in (old, new))
        if before != after:
            rows.append((str(field.verbose_name).capitalize(), before, after))
    return Change(
        at=new.pgh_created_at,
        by=people.get(context.get("user") or 0, ""),
        address=str(context.get("url", "")),
        rows=rows,
    )


def _text(event: Any, field: Any) -> str:
    value = getattr(event, field.attname if field.name in {"address", "customer"} else field.name)
    if value is None:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def _people(events: list[Any]) -> dict[int, str]:
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids - {None})}
