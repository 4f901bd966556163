"""Asking for more, taking it back, and what happens when nobody answers. The clock and the state are the case engine's:
while somebody is asked, the request waits and its promise stands still.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel, Right
from barnet.kit.wording import date_long
from barnet.notifications.services import queue_message
from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.models import Case
from portal.cases.services import MoveRefusedError, ask_customer, resume_case
from portal.smartforms.asking.background import shown_again
from portal.smartforms.asking.narrowing import keys_of
from portal.smartforms.files.keeping import discard
from portal.smartforms.models import AskedState, Draft, DraftState, MoreAsked, Submission
from portal.smartforms.running.returning import fields_of, send_link
from portal.smartforms.versions import definition_of

FEWEST_DAYS, USUAL_DAYS, MOST_DAYS = 3, 14, 60
REMIND_BEFORE = dt.timedelta(days=3)
_AT_ONCE = 500


@transaction.atomic
def ask_for_more(
    submission: Submission,
    *,
    actor: Actor,
    questions: Iterable[str],
    why: str,
    days: int,
    key: str,
    version: int | None = None,
) -> MoreAsked:
    """The same `key` again gives the first. Raises MoveRefusedError or StaleCaseError, and changes nothing then.

    `version`: of the case, as the person saw it.
    """
    locked = Submission.objects.select_for_update(of=("self",)).select_related("case__customer", "version__form")
    submission, by = locked.get(pk=submission.pk), actor.user
    assert by is not None
    earlier = MoreAsked.objects.filter(submission_key=key).first()
    if earlier:
        return earlier
    case = submission.case
    definition = definition_of(submission.version)
    wanted = [one for one in dict.fromkeys(questions) if one in keys_of(definition)]
    _refuse(case, submission, wanted)
    expires_at = timezone.now() + dt.timedelta(days=min(max(days, FEWEST_DAYS), MOST_DAYS))
    has_account = case.customer is not None and case.customer.user_id is not None
    draft = Draft.objects.create(
        form=submission.version.form,
        version=submission.version,
        answers=shown_again(submission, wanted),
        customer=case.customer if has_account else None,
        right=Right.SELF,
        channel=Channel.WEB,
        email="" if has_account else _email_of(case),
        expires_at=expires_at,
    )
    asked = MoreAsked.objects.create(
        submission=submission,
        draft=draft,
        questions=wanted,
        why=why.strip()[:1000],
        asked_by=by,
        expires_at=expires_at,
        submission_key=key,
    )
    ask_customer(case, actor=actor, question=asked.why, version=version, tell=lambda entry: _tell(asked, f"{entry.pk}"))
    return asked


def _refuse(case: Case, submission: Submission, wanted: list[str]) -> None:
    if not wanted:
        raise MoveRefusedError(_("Choose the questions that you need an answer to."))
    if submission.asked.filter(state=AskedState.OPEN).exists():
        raise MoveRefusedError(_("Somebody has already asked for more. Take that back first, or wait for the answers."))
    if not (case.customer and case.customer.user_id) and not _email_of(case):
        raise MoveRefusedError(
            _("There is no account and no e-mail address to send this to. Use “Ask the customer” and call them.")
        )


def _email_of(case: Case) -> str:
    return case.contact_email or (case.customer.email if case.customer else "")


def _tell(asked: MoreAsked, event: str, *, is_reminder: bool = False) -> None:
    """In the channel of the customer; without an account a link by e-mail that works once."""
    draft, case = asked.draft, asked.submission.case
    assert draft is not None
    kind = "form-more-reminder" if is_reminder else "form-more"
    words = {"reference": case.reference, "title": case.title, "why": asked.why}
    if draft.customer is None:
        send_link(draft, template=f"{kind}-link", fields=words)
        return
    link = settings.BASE_URL + reverse("form_more", args=[draft.form.slug, draft.pk])
    queue_message(
        kind,
        key=f"{kind}:{asked.pk}:{event}",
        customer=draft.customer,
        fields={**fields_of(draft, link), **words},
        about=case.reference,
    )


@transaction.atomic
def withdraw_more(asked: MoreAsked, *, actor: Actor, note: str = "") -> bool:
    """Staff need it no more: what was typed is deleted, and the request goes on. False when it was over already."""
    return _end(asked, AskedState.WITHDRAWN, actor=actor, note=note)


def _end(asked: MoreAsked, state: AskedState, *, actor: Actor, note: str) -> bool:
    """The submission's row is the turn that asking, answering and ending take, one after the other."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("case").get(pk=asked.submission_id)
    locked = MoreAsked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if not locked.is_open:
        return False
    locked.state, locked.ended_at = state, timezone.now()
    locked.save(update_fields=["state", "ended_at"])
    for draft in Draft.objects.select_for_update().filter(more_asked=locked):
        discard(draft.files.all())
        draft.state, draft.answers, draft.sources = DraftState.SENT, {}, {}
        draft.save(update_fields=["state", "answers", "sources"])
    if submission.case.state == CaseState.WAITING:
        resume_case(submission.case, actor=actor, note=note)
    return True


# --- Time -------------------------------------------------------------------------------------------------------------


def remind_of_asked() -> str:
    """Once, some days before the end, while the request still waits."""
    now = timezone.now()
    due = MoreAsked.objects.filter(
        state=AskedState.OPEN,
        reminded_at=None,
        expires_at__gt=now,
        expires_at__lte=now + REMIND_BEFORE,
        submission__case__state__in=OPEN_STATES,
    )
    told = sum(_remind(pk) for pk in list(due.values_list("pk", flat=True)[:_AT_ONCE]))
    return f"{told} reminded"


@transaction.atomic
def _remind(pk: int) -> bool:
    rows = MoreAsked.objects.select_for_update(of=("self",), skip_locked=True)
    asked = (
        rows.select_related("draft__form", "draft__customer", "submission__case")
        .filter(pk=pk, reminded_at=None, state=AskedState.OPEN)
        .first()
    )
    if asked is None or asked.draft is None:
        return False
    MoreAsked.objects.filter(pk=pk).update(reminded_at=timezone.now())
    _tell(asked, "once", is_reminder=True)
    return True


def end_unanswered() -> str:
    """Nobody answered in time: the request goes on without, and those who work on it read why."""
    over = MoreAsked.objects.filter(state=AskedState.OPEN, expires_at__lte=timezone.now())
    return f"{sum(_expire(asked) for asked in over[:_AT_ONCE])} ended"


@transaction.atomic
def _expire(asked: MoreAsked) -> bool:
    note = _("Nobody answered the questions of the form by %(day)s.") % {
        "day": date_long(timezone.localdate(asked.expires_at))
    }
    return _end(asked, AskedState.EXPIRED, actor=Actor.system(), note=note)
