"""What becomes of a promise: it stands still for a reason, will be missed and is said so before, or goes with the
request to another service."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.kit.languages import filled, in_english
from barnet.kit.wording import day
from portal.cases.enums import CaseState, CaseUrgency, EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case
from portal.cases.promises import begin_pause, carry_promises
from portal.cases.registry import kind_for
from portal.cases.services.telling import tell_followers, tell_reporter
from portal.cases.services.writing import is_repeat, lock_case, move, refuse_move, refuse_stale, said, save, write_entry


@in_english()
@transaction.atomic
def hold_case(
    case: Case, *, actor: Actor, reason: str, resumes_on: dt.date | None = None, version: int | None = None
) -> Case:
    """The promise stands still for a reason of ours that the customer reads, until staff go on or that day comes."""
    case = lock_case(case)
    reason = said(reason, _lazy("Write what we wait for."))
    if resumes_on and resumes_on <= timezone.localdate():
        raise MoveRefusedError(_lazy("The day on which we go on must be after today."))
    words = _held_words(reason, resumes_on)
    if is_repeat(case, EntryKind.HELD, actor, public_text=words):
        return case
    refuse_stale(case, version)
    move(case, CaseState.HELD)
    begin_pause(case, reason, resumes_on)
    save(case)
    entry = write_entry(case, EntryKind.HELD, actor=actor, subject=case.customer, public_text=words)
    tell_reporter(case, entry, "case-held", reason=words)
    tell_followers(case, entry, "follower-held")
    return case


@in_english()
@transaction.atomic
def delay_case(case: Case, *, actor: Actor, expected_on: dt.date, reason: str = "", version: int | None = None) -> Case:
    """Says before the promise is broken that it will be, and when we now expect to be done. The promise itself stays:
    what we did not keep is counted."""
    case = lock_case(case)
    words = _delayed_words(case, reason.strip(), expected_on)
    if is_repeat(case, EntryKind.DELAYED, actor, public_text=words):
        return case
    refuse_stale(case, version)
    if not case.is_open or case.is_paused:
        refuse_move(case)
    if expected_on <= max(case.promise_on, timezone.localdate()):
        raise MoveRefusedError(_lazy("Name a day after today and after the promise."))
    case.expected_on = expected_on
    save(case)
    entry = write_entry(case, EntryKind.DELAYED, actor=actor, subject=case.customer, public_text=words)
    tell_reporter(case, entry, "case-delayed", reason=words, expected=expected_on)
    tell_followers(case, entry, "follower-delayed", expected=expected_on)
    return case


@in_english()
@transaction.atomic
def recategorise_case(
    case: Case, *, actor: Actor, service: Service, note: str = "", version: int | None = None
) -> Case:
    """To the service that it belongs to. The promise is that of the new one, from the day on which it reached us, and
    keeps every pause."""
    case = lock_case(case)
    if is_repeat(case, EntryKind.MOVED, actor, internal_text=note.strip()) and case.service == service:
        return case
    refuse_stale(case, version)
    if not case.is_open:
        refuse_move(case)
    if case.service == service:
        raise MoveRefusedError(_lazy("The request is with this service already. Choose another."))
    for bound in (case.service, service):
        if kind_for(bound.slug).is_bound:
            raise MoveRefusedError(
                filled(
                    _lazy("“%(service)s” keeps records of its own: no request can be moved there, or away from it."),
                    service=bound.name,
                )
            )
    had, case.service = case.service, service
    carry_promises(case)
    case.expected_on = None
    save(case, "service")
    entry = write_entry(
        case,
        EntryKind.MOVED,
        actor=actor,
        subject=case.customer,
        public_text=_("We deal with this as “%(service)s” now. Our promise is %(day)s.")
        % {"service": service.name, "day": day(case.promise_on)},
        internal_text="\n".join(filter(None, [_("Was “%(service)s”.") % {"service": had.name}, note.strip()])),
    )
    tell_reporter(case, entry, "case-moved", service=service.name)
    return case


@in_english()
@transaction.atomic
def reprioritise_case(
    case: Case, *, actor: Actor, urgency: CaseUrgency, note: str = "", version: int | None = None
) -> Case:
    """More or less urgent than it was taken for. The customer hears only of a promise that moves."""
    case = lock_case(case)
    refuse_stale(case, version)
    if not case.is_open:
        refuse_move(case)
    if case.urgency == urgency:
        return case
    had, promised = case.get_urgency_display(), case.promise_on
    case.urgency = urgency
    carry_promises(case)
    save(case, "urgency")
    moved = case.promise_on != promised
    entry = write_entry(
        case,
        EntryKind.MOVED if moved else EntryKind.NOTE,
        actor=actor,
        subject=case.customer,
        public_text=_("Our promise is now %(day)s.") % {"day": day(case.promise_on)} if moved else "",
        internal_text="\n".join(
            filter(None, [_("Was “%(had)s”, is “%(now)s”.") % {"had": had, "now": urgency.label}, note.strip()])
        ),
    )
    if moved:
        tell_reporter(case, entry, "case-promise")
    return case


def _held_words(reason: str, resumes_on: dt.date | None) -> str:
    sentence = reason if reason[-1] in ".!?" else f"{reason}."
    if not resumes_on:
        return sentence
    return _("%(reason)s We go on by %(day)s.") % {"reason": sentence, "day": day(resumes_on)}


def _delayed_words(case: Case, reason: str, expected_on: dt.date) -> str:
    words = _("We will not keep our promise of %(promise)s, and we are sorry. We now expect to be done by %(day)s.") % {
        "promise": day(case.promise_on),
        "day": day(expected_on),
    }
    return " ".join(filter(None, [words, reason]))
