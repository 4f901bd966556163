"""What can happen to a request after it was received. Every act locks the case, refuses what is not allowed or what
was decided on an old version, and writes the timeline, the contact log where somebody reached us, and the messages.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.kit.languages import filled, in_english
from barnet.kit.wording import day
from portal.cases.enums import CaseState, EntryKind
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case, Team, TimelineEntry
from portal.cases.promises import begin_pause, begin_promises, end_pause
from portal.cases.registry import Outcome, kind_for
from portal.cases.services.mentioning import call_people, people_named
from portal.cases.services.receiving import lock_open_report, same_as_turn
from portal.cases.services.relating import leave_leading
from portal.cases.services.telling import tell_followers, tell_reporter
from portal.cases.services.writing import (
    is_repeat,
    lock_case,
    move,
    reached_us,
    refuse_move,
    refuse_stale,
    said,
    save,
    take_turn,
    write_contact,
    write_entry,
)

_GOES_ON = {
    CaseState.WAITING: _lazy("We go on without your answer. Our promise is now %(day)s."),
    CaseState.HELD: _lazy("We go on with your request. Our promise is now %(day)s."),
}


@dataclass(frozen=True)
class BulkResult:
    """What became of one case of a bulk act. `refusal` is empty when it was done."""

    case: Case
    refusal: str = ""


@in_english()
@transaction.atomic
def assign_case(
    case: Case,
    *,
    actor: Actor,
    team: Team,
    assignee: User | None = None,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Gives a case to a team, and to one of its people if named. The promise stays; a question stays open."""
    case = lock_case(case)
    if assignee and not team.members.filter(pk=assignee.pk).exists():
        raise MoveRefusedError(
            filled(_lazy("%(person)s is not in %(team)s. Choose somebody of that team."), person=assignee, team=team)
        )
    given_to = _("Given to %(who)s.") % {"who": f"{team}, {assignee}" if assignee else team}
    words = "\n".join(filter(None, [given_to, note.strip()]))
    if is_repeat(case, EntryKind.ASSIGNED, actor, internal_text=words):
        return case
    refuse_stale(case, version)
    is_first = case.team_id is None
    if not case.is_open:
        refuse_move(case)
    if not case.is_paused:
        move(case, CaseState.ASSIGNED)
    case.team, case.assignee = team, assignee
    save(case, "team", "assignee")
    entry = write_entry(
        case,
        EntryKind.ASSIGNED,
        actor=actor,
        subject=case.customer,
        public_text=_("Your request is with %(team)s.") % {"team": team},
        internal_text=words,
    )
    if is_first:
        tell_reporter(case, entry, "case-assigned", team=str(team))
        tell_followers(case, entry, "follower-assigned", team=str(team))
    return case


def take_case(case: Case, *, actor: Actor, version: int | None = None) -> Case:
    """For oneself, in the team that has it where one is in it, else in one's own."""
    teams = list(actor.user.teams.order_by("name")) if actor.user else []
    if not teams:
        raise MoveRefusedError(_lazy("You are in no team, so you cannot take requests. Ask your team leader."))
    team = case.team if case.team in teams else teams[0]
    return assign_case(case, actor=actor, team=team, assignee=actor.user, version=version)


def assign_cases(
    cases: Iterable[Case],
    *,
    actor: Actor,
    team: Team,
    assignee: User | None = None,
    note: str = "",
    versions: Mapping[int, int] | None = None,
) -> list[BulkResult]:
    """One transaction a case: what is refused or stale is reported, the others go through.

    `versions` maps the id of a case to the version that the person saw.
    """
    results = []
    for case in cases:
        try:
            version = (versions or {}).get(case.pk)
            done = assign_case(case, actor=actor, team=team, assignee=assignee, note=note, version=version)
            results.append(BulkResult(done))
        except (MoveRefusedError, StaleCaseError) as refusal:
            results.append(BulkResult(case, str(refusal)))
    return results


@in_english()
@transaction.atomic
def ask_customer(
    case: Case,
    *,
    actor: Actor,
    question: str,
    version: int | None = None,
    tell: Callable[[TimelineEntry], None] | None = None,
) -> Case:
    """Asks the customer; the promise stands still until they answer. Followers are not told.

    `tell`: instead of the usual message, for a room that asks in its own way; in the same transaction.
    """
    case = lock_case(case)
    question = said(question, _lazy("Write the question."))
    if is_repeat(case, EntryKind.ASKED, actor, public_text=question):
        return case
    refuse_stale(case, version)
    if not (case.customer_id or case.contact_email or case.contact_phone):
        raise MoveRefusedError(
            _lazy("Nobody can be asked: the request was made without a name or a way to reach them.")
        )
    move(case, CaseState.WAITING)
    begin_pause(case, question)
    save(case)
    entry = write_entry(case, EntryKind.ASKED, actor=actor, subject=case.customer, public_text=question)
    if tell:
        tell(entry)
    else:
        tell_reporter(case, entry, "case-question", question=question)
    return case


@in_english()
@transaction.atomic
def answer_question(case: Case, *, actor: Actor, answer: str, version: int | None = None) -> Case:
    """The customer answered, themselves or through staff: work goes on and the promise moves on by the pause."""
    case = lock_case(case)
    answer = said(answer, _lazy("Write your answer."))
    if is_repeat(case, EntryKind.ANSWERED, actor, public_text=answer):
        return case
    refuse_stale(case, version)
    if case.state != CaseState.WAITING:
        raise MoveRefusedError(_lazy("There is no open question. Somebody may have answered it already."))
    _go_on(case)
    entry = write_entry(case, EntryKind.ANSWERED, actor=actor, subject=case.customer, public_text=answer)
    write_contact(case, _("Answered our question"), actor=actor, subject=case.customer)
    tell_reporter(case, entry, "case-answered", answer=answer)
    return case


@in_english()
@transaction.atomic
def resume_case(case: Case, *, actor: Actor, note: str = "", version: int | None = None) -> Case:
    """Staff go on, without an answer or after what held it up. The day that was set for it comes as the system."""
    case = lock_case(case)
    if is_repeat(case, EntryKind.RESUMED, actor, internal_text=note.strip()):
        return case
    refuse_stale(case, version)
    if not case.is_paused:
        raise MoveRefusedError(filled(_lazy("%(reference)s is not paused."), reference=case.reference))
    words = _GOES_ON[CaseState(case.state)]
    _go_on(case)
    entry = write_entry(
        case,
        EntryKind.RESUMED,
        actor=actor,
        subject=case.customer,
        public_text=str(words) % {"day": day(case.promise_on)},
        internal_text=note.strip(),
    )
    tell_reporter(case, entry, "case-resumed")
    return case


@in_english()
@transaction.atomic
def resolve_case(
    case: Case, *, actor: Actor, outcome: str, public_reason: str = "", version: int | None = None
) -> Case:
    """Ends the work with an outcome of the service and a reason that the customer reads."""
    case = lock_case(case)
    chosen = _outcome_of(case, outcome)
    reason = said(public_reason, _lazy("Write what the customer should know about the outcome."))
    words = f"{chosen.label}. {reason}"
    if is_repeat(case, EntryKind.RESOLVED, actor, public_text=words):
        return case
    refuse_stale(case, version)
    end_pause(case)
    move(case, CaseState.RESOLVED)
    case.outcome, case.public_reason, case.resolved_at = chosen.code, reason, timezone.now()
    save(case, "outcome", "public_reason", "resolved_at")
    _follow_outcome(case)
    entry = write_entry(
        case,
        EntryKind.RESOLVED,
        actor=actor,
        subject=case.customer,
        public_text=words,
    )
    told = chosen.default_reason if reason == str(chosen.default_reason) else reason
    tell_reporter(case, entry, "case-resolved", outcome=chosen.label, reason=told)
    tell_followers(case, entry, "follower-resolved", outcome=chosen.label, reason=told)
    return case


@in_english()
@transaction.atomic
def reopen_case(case: Case, *, actor: Actor, why: str, version: int | None = None) -> Case:
    """“Not fixed”: back to the team that had it, with a new promise. What was said before stays in the timeline."""
    if case.same_as_key:
        take_turn(same_as_turn(case.same_as_key))
    case = lock_case(case)
    why = said(why, _lazy("Tell us what is not right."))
    begin_promises(case, timezone.now())
    words = _reopening_words(why, case.promise_on)
    if is_repeat(case, EntryKind.REOPENED, actor, public_text=words):
        return case
    refuse_stale(case, version)
    if case.state != CaseState.RESOLVED:
        raise MoveRefusedError(
            filled(_lazy("%(reference)s is not resolved, so it cannot be opened again."), reference=case.reference)
        )
    if case.same_as_key and lock_open_report(case.same_as_key):
        raise MoveRefusedError(_lazy("There is already a newer report of the same. We are dealing with that one."))
    leave_leading(case)
    move(case, CaseState.ASSIGNED if case.team_id else CaseState.RECEIVED)
    case.outcome = case.public_reason = ""
    case.resolved_at = case.escalated_at = case.escalation_due_on = case.expected_on = None
    case.reopened_count += 1
    save(
        case,
        "outcome",
        "public_reason",
        "resolved_at",
        "escalated_at",
        "escalation_due_on",
        "reopened_count",
    )
    _follow_outcome(case)
    entry = write_entry(case, EntryKind.REOPENED, actor=actor, subject=case.customer, public_text=words)
    if reached_us(actor):
        write_contact(case, _("Said that it is not fixed"), actor=actor, subject=case.customer)
    tell_reporter(case, entry, "case-reopened", why=why)
    tell_followers(case, entry, "follower-reopened")
    return case


@in_english()
@transaction.atomic
def withdraw_case(case: Case, *, actor: Actor, why: str = "", version: int | None = None) -> Case:
    """The customer no longer needs it. Followers are told how to report it again: the case was not theirs."""
    case = lock_case(case)
    words = " ".join(filter(None, [_("You no longer need this. We have stopped."), why.strip()]))
    if is_repeat(case, EntryKind.WITHDRAWN, actor, public_text=words):
        return case
    refuse_stale(case, version)
    end_pause(case)
    move(case, CaseState.WITHDRAWN)
    case.wrote_at = None
    save(case, "wrote_at")
    entry = write_entry(
        case,
        EntryKind.WITHDRAWN,
        actor=actor,
        subject=case.customer,
        public_text=words,
    )
    if reached_us(actor):
        write_contact(case, _("Withdrew the request"), actor=actor, subject=case.customer)
    tell_reporter(case, entry, "case-withdrawn")
    tell_followers(case, entry, "follower-withdrawn")
    return case


@in_english()
@transaction.atomic
def add_note(case: Case, *, actor: Actor, text: str) -> TimelineEntry:
    """A line for colleagues. It changes nothing, so it never makes another's form stale. Twice in a row is once.

    Colleagues whom it names (`@dev`) are told.
    """
    case = lock_case(case)
    text = said(text, _lazy("Write the note."))
    if is_repeat(case, EntryKind.NOTE, actor, internal_text=text):
        return case.timeline.latest("at", "id")
    people = people_named(text)
    entry = write_entry(case, EntryKind.NOTE, actor=actor, subject=case.customer, internal_text=text)
    call_people(case, entry, people)
    return entry


def _go_on(case: Case) -> None:
    end_pause(case)
    move(case, CaseState.ASSIGNED if case.team_id else CaseState.RECEIVED)
    save(case)


def _reopening_words(why: str, promise_on: dt.date) -> str:
    sentence = why if why[-1] in ".!?" else f"{why}."
    return _("%(why)s We look again, by %(day)s.") % {"why": sentence, "day": day(promise_on)}


def _follow_outcome(case: Case) -> None:
    follow = kind_for(case.service.slug).on_outcome
    if follow:
        follow(case)


def _outcome_of(case: Case, code: str) -> Outcome:
    outcomes = kind_for(case.service.slug).outcomes_of(case)
    outcome = next((outcome for outcome in outcomes if outcome.code == code), None)
    if outcome is None:
        raise MoveRefusedError(_lazy("Choose how it ended."))
    return outcome
