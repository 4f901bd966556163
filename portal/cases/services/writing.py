"""What every act on a case does: lock, check, write the timeline and the contact log."""

from typing import NoReturn

import structlog
from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer
from barnet.kit.languages import filled
from portal.cases.enums import ALLOWED_MOVES, SPOKEN, CaseState, EntryKind
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case, Contact, TimelineEntry
from portal.cases.promises import PROMISES, heard_from_us


def take_turn(name: str) -> None:
    """Waits until no other transaction holds this name, and holds it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_case(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("service", "team", "assignee", "customer__user", "address")
        .get(pk=case.pk)
    )


def is_repeat(case: Case, kind: EntryKind, actor: Actor, *, public_text: str = "", internal_text: str = "") -> bool:
    """Whether the last thing that happened is this very act by the same person: a form sent twice by a double click.

    Empty texts are not compared.
    """
    last = case.timeline.order_by("-at", "-id").first()
    if last is None or last.kind != kind or last.right != actor.right or last.actor_id != _id_of(actor):
        return False
    return public_text in ("", last.public_text) and internal_text in ("", last.internal_text)


def refuse_stale(case: Case, version: int | None) -> None:
    """`version` is what the person saw when they decided."""
    if version is not None and version != case.version:
        raise StaleCaseError(
            filled(
                _("Somebody else changed %(reference)s while you had it open. Read what changed, then decide again."),
                reference=case.reference,
            ),
            case,
        )


def move(case: Case, to: CaseState) -> None:
    """Sets the state, or refuses. The caller saves."""
    if to not in ALLOWED_MOVES[CaseState(case.state)]:
        refuse_move(case)
    case.state = to


def refuse_move(case: Case) -> NoReturn:
    raise MoveRefusedError(
        filled(
            _("%(reference)s is “%(state)s”, so this cannot be done."),
            reference=case.reference,
            state=CaseState(case.state).label,
        )
    )


def save(case: Case, *fields: str) -> None:
    """Every act may move the state and the promises."""
    case.version += 1
    case.save(update_fields=["state", "version", *PROMISES, *fields])


def write_entry(
    case: Case,
    kind: EntryKind,
    *,
    actor: Actor,
    subject: Customer | None,
    public_text: str = "",
    internal_text: str = "",
) -> TimelineEntry:
    entry = TimelineEntry.objects.create(
        case=case,
        at=timezone.now(),
        kind=kind,
        state=case.state,
        public_text=public_text,
        internal_text=internal_text,
        actor=actor.user,
        subject=subject,
        right=actor.right,
        channel=actor.channel,
        request_id=current_request_id(),
    )
    if actor.right == Right.STAFF and public_text and kind in SPOKEN:
        heard_from_us(case, entry.at)
        case.wrote_at = None
        case.save(update_fields=["responded_at", "update_by", "wrote_at"])
    return entry


def reached_us(actor: Actor) -> bool:
    """Whether this act is a contact: a customer came to us, or staff served one in a channel of theirs."""
    if actor.right == Right.STAFF:
        return actor.channel not in {Channel.WEB, Channel.SYSTEM}
    return actor.right in {Right.SELF, Right.DELEGATE}


def write_contact(
    case: Case, summary: str, *, actor: Actor, subject: Customer | None, submission_key: str = ""
) -> Contact:
    return Contact.objects.create(
        channel=actor.channel,
        right=actor.right,
        actor=actor.user,
        subject=subject,
        service=case.service,
        case=case,
        summary=summary[:300],
        submission_key=submission_key,
    )


def current_request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]


def _id_of(actor: Actor) -> int | None:
    return actor.user.pk if actor.user else None


def said(text: str, otherwise: Promise) -> str:
    """What a person wrote, or the sentence that asks for it."""
    text = text.strip()
    if not text:
        raise MoveRefusedError(otherwise)
    return text[:1000]
