"""Something that was told us with a request is put right: what the request says of it follows.

Only where the request still says what was told: what staff or the gazetteer's officers changed since is theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import ward_at
from barnet.kit.languages import in_english
from portal.cases.enums import EntryKind
from portal.cases.models import Case
from portal.cases.services.places import forget_typed_addresses, tell_gazetteer
from portal.cases.services.telling import tell_reporter
from portal.cases.services.writing import lock_case, save, write_entry


@dataclass(frozen=True)
class Told:
    """What a request says of what was told with it."""

    title: str
    details: list[list[str]]
    contact_name: str
    contact_email: str
    contact_phone: str
    address: Address | None
    address_text: str
    location: Point | None


@in_english()
@transaction.atomic
def correct_case(case: Case, *, actor: Actor, before: Told, after: Told, public_text: str, what: object) -> Case:
    """By staff. `what` was corrected, in words that may stand in a message."""
    case = lock_case(case)
    _retell(case, before, after, None)
    entry = write_entry(case, EntryKind.CORRECTED, actor=actor, subject=case.customer, public_text=public_text)
    tell_reporter(case, entry, "case-corrected", what=what)
    return case


@transaction.atomic
def retell_case(case: Case, *, before: Told, after: Told, reckoned: Iterable[tuple[str, str]] | None) -> Case:
    """By the customer, whom staff had asked. No act of its own: whoever calls it writes the timeline.

    `reckoned`: what stands behind the details from now on; None leaves what is there.
    """
    case = lock_case(case)
    _retell(case, before, after, None if reckoned is None else [list(row) for row in reckoned])
    return case


def _retell(case: Case, before: Told, after: Told, reckoned: list[list[str]] | None) -> None:
    changed = {
        part.name
        for part in fields(Told)
        if getattr(before, part.name) != getattr(after, part.name) and _says(case, before, part.name)
    }
    if _says(case, before, "details"):
        behind = case.details[len(before.details) :] if reckoned is None else reckoned
        case.details = [*after.details, *behind]
        changed.add("details")
    for name in changed - {"details"}:
        setattr(case, name, getattr(after, name))
    if "location" in changed:
        case.ward = ward_at(case.location, timezone.localdate(case.opened_at)) if case.location else None
        changed.add("ward")
    save(case, *changed)
    if {"address", "address_text"} & changed:
        forget_typed_addresses([case.pk])
        tell_gazetteer(case)


def _says(case: Case, told: Told, name: str) -> bool:
    """Behind the details that were told may stand more, such as what was calculated."""
    says = case.details[: len(told.details)] if name == "details" else getattr(case, name)
    return bool(says == getattr(told, name))
