"""Planning a job, and ending it once: by an ordinary form, or by a telephone that sends it again until it is answered.

1. The key of the act takes a turn: who sends it again waits, finds the first, and is answered the same.
2. Request and job are locked, in this order. A job that has ended is refused with a sentence.
3. Photos, outcome, further request, job and key are written in one transaction.

A unique constraint stands behind the turn (`FieldAct.key`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.kit.languages import filled, in_english
from barnet.kit.uploads import CleanPhoto
from barnet.kit.wording import day
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case, Team
from portal.cases.services import add_note, assign_case, receive_case, resolve_case, tell_case
from portal.cases.services.photos import discard_files, store_photos
from portal.cases.services.writing import lock_case, refuse_move, take_turn, write_entry
from portal.field.enums import JobState, Moment
from portal.field.models import CannotReason, FieldAct, Job, JobPhoto
from portal.field.selectors import done_outcomes, field_service_of

_ENDED = _lazy("%(who)s already said how the job of %(reference)s ended. What you did is not recorded.")
_OTHERS = _lazy("This was sent by somebody else already. Open the job again.")
_PLANNED = _lazy("%(reference)s was planned meanwhile: for %(crew)s, %(day)s. It stays there.")
_CHOOSE = _lazy("Choose how it ended.")


@dataclass(frozen=True)
class Ending:
    """What a crew says of a job. `chosen`: one of `selectors.endings_of`."""

    chosen: str
    note: str = ""
    before: Sequence[CleanPhoto] = ()
    after: Sequence[CleanPhoto] = ()
    follow_on: Service | None = None
    follow_on_words: str = ""
    told_at: dt.datetime | None = None


@in_english()
@transaction.atomic
def plan_job(case: Case, *, actor: Actor, crew: Team, planned_on: dt.date, moves: bool = True) -> Job:
    """Gives a request to a crew for a day. Said again with another crew or day, the job moves there; with `moves` off,
    it stays where it is planned, and this is refused."""
    case = lock_case(case)
    if not case.is_open:
        refuse_move(case)
    job = Job.objects.select_for_update().filter(case=case, state=JobState.PLANNED).first()
    if job and (job.crew_id, job.planned_on) == (crew.pk, planned_on):
        return job
    if job and not moves:
        raise MoveRefusedError(filled(_PLANNED, reference=case.reference, crew=job.crew, day=day(job.planned_on)))
    note = _("Planned for %(day)s.") % {"day": day(planned_on)}
    if case.team_id == crew.pk:
        add_note(case, actor=actor, text=f"{crew}. {note}")
    else:
        assign_case(case, actor=actor, team=crew, note=note)
    job = job or Job(case=case)
    job.crew, job.planned_on = crew, planned_on
    job.save()
    return job


def plan_jobs(cases: Iterable[Case], *, actor: Actor, crew: Team, planned_on: dt.date, moves: bool = True) -> list[str]:
    """One transaction a request: the others go through. Returns the refusals."""
    refusals = []
    for case in cases:
        try:
            plan_job(case, actor=actor, crew=crew, planned_on=planned_on, moves=moves)
        except MoveRefusedError as refusal:
            refusals.append(str(refusal))
    return refusals


def sent_before(key: str, *, actor: User, job_pk: int) -> FieldAct | None:
    """The act that came under this key. Another's key means nothing."""
    return FieldAct.objects.filter(key=key, actor=actor, job=job_pk).first()


@in_english()
@transaction.atomic
def end_job(job: Job, *, actor: Actor, key: str, ending: Ending) -> FieldAct:
    assert actor.user is not None
    take_turn(f"field:{key}")
    known = FieldAct.objects.filter(key=key).first()
    if known:
        if (known.actor_id, known.job_id) != (actor.user.pk, job.pk):
            raise MoveRefusedError(_OTHERS)
        return known
    case = lock_case(job.case)
    job = Job.objects.select_for_update(of=("self",)).select_related("ended_by").get(pk=job.pk)
    if not job.is_planned:
        raise MoveRefusedError(filled(_ENDED, who=job.ended_by, reference=case.reference))
    if not case.is_open:
        refuse_move(case)
    stored: list[Attachment] = []
    try:
        _keep_photos(job, case, ending, actor, stored)
        _say_how_it_ended(job, case, ending, actor)
        if ending.note.strip():
            add_note(case, actor=actor, text=ending.note)
        if ending.follow_on:
            job.follow_on = _ask_further(job, case, ending.follow_on, ending.follow_on_words, actor, key)
        job.ended_at, job.ended_by = timezone.now(), actor.user
        job.save()
        return FieldAct.objects.create(
            key=key, job=job, actor=actor.user, told_at=ending.told_at, answer=_answer(job, case)
        )
    except BaseException:
        discard_files(stored)
        raise


def _keep_photos(job: Job, case: Case, ending: Ending, actor: Actor, stored: list[Attachment]) -> None:
    found = field_service_of(case)
    is_public = bool(found and found.shows_photos)
    for moment, photos in ((Moment.BEFORE, ending.before), (Moment.AFTER, ending.after)):
        if not photos:
            continue
        stored += store_photos(case, photos, actor=actor, is_public=is_public)
        kept = {one.sha256: one for one in case.attachments.filter(sha256__in=[photo.sha256 for photo in photos])}
        in_order = dict.fromkeys(photo.sha256 for photo in photos)  # the same picture twice is one
        for number, sha256 in enumerate(in_order, 1):
            JobPhoto.objects.create(job=job, attachment=kept[sha256], moment=moment, number=number)
        words = ngettext(
            "Photo of the crew: %(moment)s.", "%(count)d photos of the crew: %(moment)s.", len(in_order)
        ) % {"count": len(in_order), "moment": moment.label.lower()}
        write_entry(
            case,
            EntryKind.PHOTO,
            actor=actor,
            subject=case.customer,
            public_text=words if is_public else "",
            internal_text="" if is_public else words,
        )


def _say_how_it_ended(job: Job, case: Case, ending: Ending, actor: Actor) -> None:
    how, _dash, which = ending.chosen.partition("-")
    if how == "done":
        outcome = next((outcome for outcome in done_outcomes(case) if outcome.code == which), None)
        if outcome is None:
            raise MoveRefusedError(_CHOOSE)
        job.state = JobState.DONE
        resolve_case(case, actor=actor, outcome=outcome.code, public_reason=str(outcome.default_reason))
        return
    job.reason = _reason(case, which)
    job.state = JobState.COULD_NOT
    if job.reason.outcome:
        resolve_case(case, actor=actor, outcome=job.reason.outcome, public_reason=job.reason.told)
        return
    add_note(case, actor=actor, text=_("The crew could not do it: %(why)s.") % {"why": job.reason.label})
    if job.reason.told and (case.customer_id or case.contact_email or case.followers.exists()):
        tell_case(case, actor=actor, text=job.reason.told)


def _reason(case: Case, which: str) -> CannotReason:
    reason = None
    if which.isascii() and which.isdigit() and len(which) < 10:
        reason = CannotReason.objects.filter(field_service__service=case.service_id, pk=int(which)).first()
    if reason is None:
        raise MoveRefusedError(_CHOOSE)
    return reason


def _ask_further(job: Job, case: Case, service: Service, words: str, actor: Actor, key: str) -> Case:
    """One request of its own, at the same place, of nobody: the crew saw it."""
    further = receive_case(
        service,
        actor=actor,
        submission_key=f"field:{key}",
        title=service.name,
        details=[(_("What the crew found"), words.strip() or case.title), (_("Found at"), case.reference)],
        address=case.address,
        address_text=case.address_text,
        location=case.location,
    ).case
    add_note(case, actor=actor, text=_("The crew asked for a further job: %(ref)s.") % {"ref": further.reference})
    return further


def _answer(job: Job, case: Case) -> str:
    said = (
        _("Recorded: %(reference)s is done.")
        if job.state == JobState.DONE
        else _("Recorded: %(reference)s was not possible.")
    )
    answer = said % {"reference": case.reference}
    if job.follow_on:
        answer += " " + _("The further job is %(reference)s.") % {"reference": job.follow_on.reference}
    return answer
