"""A word to the customer that changes nothing else: it answers, and begins the wait for the next word."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.kit.languages import in_english
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case
from portal.cases.services.telling import tell_followers, tell_reporter
from portal.cases.services.writing import is_repeat, lock_case, refuse_move, refuse_stale, said, save, write_entry


@in_english()
@transaction.atomic
def tell_case(case: Case, *, actor: Actor, text: str, version: int | None = None) -> Case:
    """Everybody who reported it reads it, so nothing personal may stand there."""
    case = lock_case(case)
    text = said(text, _lazy("Write what the customer should know."))
    if is_repeat(case, EntryKind.TOLD, actor, public_text=text):
        return case
    refuse_stale(case, version)
    if not case.is_open:
        refuse_move(case)
    if not (case.customer_id or case.contact_email or case.followers.exists()):
        raise MoveRefusedError(_lazy("Nobody can be told: there is no way to reach who asked."))
    save(case)
    entry = write_entry(case, EntryKind.TOLD, actor=actor, subject=case.customer, public_text=text)
    tell_reporter(case, entry, "case-told", text=text)
    tell_followers(case, entry, "follower-told", text=text)
    return case
