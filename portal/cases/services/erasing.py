"""Personal data that was written by mistake goes for good: from the timeline, what was told, earlier versions,
contacts, messages, and what rooms keep with the request. That it happened, who did it and why stays, without the words.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from barnet.customers.actors import Actor
from barnet.kit.languages import in_english
from barnet.notifications.models import Message
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case, Contact, Follower, Pause, TimelineEntry
from portal.cases.registry import Erase, erasers
from portal.cases.services.writing import lock_case, refuse_stale, said, save, write_entry

FEWEST_SIGNS = 3
ERASED = "[…]"  # stands where the words stood
_APPEND_ONLY = ("cases.TimelineEntry:append_only", "cases.Contact:append_only", "cases.CaseEvent:append_only")
_OF_CASE = ("title", "details", "public_reason", "contact_name", "address_text")


@in_english()
@transaction.atomic
def erase_words(case: Case, *, actor: Actor, words: str, why: str, version: int | None = None) -> int:
    """In how many records they stood. Nothing brings them back, but for backups until these run out."""
    words = _words(words)
    why = said(why, _lazy("Write why they are erased."))
    without = eraser_of(words)
    if without(why) != why:
        raise MoveRefusedError(_lazy("Say why without the words themselves: your reason stays."))
    case = lock_case(case)
    refuse_stale(case, version)
    count = erase_words_everywhere(case, without)
    if not count:
        raise MoveRefusedError(_lazy("These words stand nowhere in this request. Copy them as they are written."))
    case.refresh_from_db()
    save(case)
    places = ngettext("%(count)d place", "%(count)d places", count) % {"count": count}
    write_entry(
        case,
        EntryKind.ERASED,
        actor=actor,
        subject=case.customer,
        internal_text=_("Personal data was erased in %(places)s. Why: %(why)s") % {"places": places, "why": why},
    )
    return count


@transaction.atomic
def count_words(case: Case, words: str) -> int:
    """In how many records the words stand, without touching them."""
    without = eraser_of(_words(words))
    found = 0
    try:
        with transaction.atomic():
            found = erase_words_everywhere(lock_case(case), without)
            raise _LookedError
    except _LookedError:
        return found


class _LookedError(Exception):
    """Takes the erasing back."""


def eraser_of(words: str) -> Erase:
    """Texts, and texts inside lists and mappings, without the words, however they are spaced and in capitals or not."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()), re.IGNORECASE)

    def without(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [without(each) for each in value]
        if isinstance(value, dict):
            return {key: without(each) for key, each in value.items()}
        return value

    return without


def _words(words: str) -> str:
    words = " ".join(words.split())
    if len(words) < FEWEST_SIGNS:
        raise MoveRefusedError(_lazy("Write at least three signs of what must go."))
    return words


def erase_words_everywhere(case: Case, without: Erase) -> int:
    """Under the lock of the case. In how many records they stood."""
    with pgtrigger.ignore(*_APPEND_ONLY):
        count = (
            erase_in(Case.objects.filter(pk=case.pk), _OF_CASE, without)
            + erase_in(TimelineEntry.objects.filter(case=case), ("public_text", "internal_text"), without)
            + erase_in(Pause.objects.filter(case=case), ("reason",), without)
            + erase_in(Follower.objects.filter(case=case), ("title", "place"), without)
            + erase_in(Attachment.objects.filter(case=case), ("name",), without)
            + erase_in(Contact.objects.filter(case=case), ("summary",), without)
            + erase_in(_messages_of(case), ("subject", "body", "short"), without)
            + sum(erase(case, without) for erase in erasers())
        )
        _forget_versions(case, without)
    return count


def _messages_of(case: Case) -> QuerySet[Message]:
    """Those about it, and those to staff that name it among others, as escalations do."""
    to_staff = Q(about="", customer=None, body__contains=case.reference)
    return Message.objects.filter(Q(about=case.reference) | to_staff)


def _forget_versions(case: Case, without: Erase) -> None:
    """Not counted: they are the same words once more."""
    erase_in(apps.get_model("cases", "CaseEvent").objects.filter(pgh_obj=case.pk), _OF_CASE, without)


def erase_in(rows: Iterable[Model], fields: Iterable[str], without: Callable[[Any], Any]) -> int:
    """Writes what changed, row by row. How many rows it was."""
    count = 0
    for row in rows:
        clean = {name: without(getattr(row, name)) for name in fields}
        changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
        if changed:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)
            count += 1
    return count
