"""The customer and the people who work on a request write to each other at it. What they write stands in its timeline;
an e-mail says only that there is something to read."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.kit.languages import filled
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, TimelineEntry
from portal.cases.services.telling import tell_reporter
from portal.cases.services.writing import is_repeat, lock_case, reached_us, said, write_contact, write_entry


@transaction.atomic
def write_message(case: Case, *, actor: Actor, text: str, is_read_now: bool = False) -> TimelineEntry:
    """It changes nothing else, so it never makes another's form stale. Twice in a row is once. `is_read_now`: the
    customer has the conversation open, and gets no e-mail for each line. Raises MoveRefusedError when a customer writes
    to a request that is over."""
    case = lock_case(case)
    text = said(text, _lazy("Write the message."))
    if is_repeat(case, EntryKind.MESSAGE, actor, public_text=text):
        return case.timeline.latest("at", "id")
    if actor.right == Right.STAFF:
        entry = write_entry(case, EntryKind.MESSAGE, actor=actor, subject=case.customer, public_text=text)
        if not is_read_now:
            tell_reporter(case, entry, "case-message")
        return entry
    if not case.is_open:
        raise MoveRefusedError(
            filled(_lazy("We are done with %(reference)s. Open it again if it is not right."), reference=case.reference)
        )
    entry = write_entry(case, EntryKind.MESSAGE, actor=actor, subject=case.customer, public_text=text)
    if reached_us(actor) and case.wrote_at is None:  # one contact, however many lines
        write_contact(case, str(_lazy("Wrote to us")), actor=actor, subject=case.customer)
    case.wrote_at = case.wrote_at or timezone.now()
    case.save(update_fields=["wrote_at"])
    return entry
