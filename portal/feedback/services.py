"""We ask once after each closing, keep each answer once, and deal with what was written."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.kit.languages import in_english
from barnet.notifications.services import queue_message
from portal.cases.enums import CaseState
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, CaseQuerySet
from portal.cases.registry import Erase
from portal.cases.services import add_note, reopen_case
from portal.cases.services.erasing import erase_in
from portal.feedback.messages import SURVEY
from portal.feedback.models import PageVote, Rating, Remark, Survey

AFTER = dt.timedelta(days=1)  # somebody had time to look whether it is right
NOT_AFTER = dt.timedelta(days=14)
QUIET = dt.timedelta(days=30)  # nobody is asked more often
AGAIN_WITHIN = dt.timedelta(days=28)
_BATCH = 500
_SALT = "portal.feedback.survey"


def ask_after_closing() -> str:
    """May be stopped at any point: each question is one transaction with its message."""
    asked = sum(_ask(pk) for pk in list(_due().values_list("pk", flat=True)[:_BATCH]))
    return f"{asked} asked how we did"


def _due() -> CaseQuerySet:
    now = timezone.now()
    surveys = Survey.objects.filter(asked_at__gt=now - QUIET)
    same = Survey.objects.filter(case=OuterRef("pk"), closing=OuterRef("reopened_count"))
    of_customer = surveys.filter(case__customer=OuterRef("customer"))
    of_address = surveys.filter(case__contact_email__iexact=OuterRef("contact_email"), case__customer=None)
    asked = Exists(same) | Q(Exists(of_customer), customer__isnull=False) | Q(Exists(of_address), customer=None)
    rows = Case.objects.filter(state=CaseState.RESOLVED, resolved_at__gt=now - NOT_AFTER, resolved_at__lte=now - AFTER)
    return rows.exclude(customer=None, contact_email="").exclude(asked).order_by("resolved_at", "pk")


@in_english()
@transaction.atomic
def _ask(pk: int) -> bool:
    case = _due().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return False
    survey = Survey.objects.create(
        case=case, closing=case.reopened_count, service_id=case.service_id, team_id=case.team_id, channel=case.channel
    )
    queue_message(
        SURVEY.key,
        key=f"survey:{survey.pk}",
        customer=case.customer,
        email=case.contact_email,
        fields={"reference": case.reference, "title": case.title, "link": link_of(survey)},
        about=case.reference,
    )
    return True


def link_of(survey: Survey) -> str:
    token = signing.Signer(salt=_SALT).sign(str(survey.pk))
    return settings.BASE_URL + reverse("survey", args=[token])


def survey_of(token: str) -> Survey | None:
    """By the link in the message; None for a forged one."""
    try:
        pk = int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Survey.objects.select_related("case", "service").filter(pk=pk).first()


@transaction.atomic
def answer_survey(survey: Survey, *, rating: Rating, words: str = "") -> Survey:
    """The first answer counts: the link is used up by it."""
    survey = Survey.objects.select_for_update().select_related("case", "service").get(pk=survey.pk)
    if survey.answered_at:
        return survey
    survey.rating, survey.answered_at = rating, timezone.now()
    survey.save(update_fields=["rating", "answered_at"])
    words = words.strip()
    if words:
        Remark.objects.create(survey=survey, words=words)
    _note(survey, words)
    return survey


@in_english()
def _note(survey: Survey, words: str) -> None:
    """The people who did the work read what was thought of it."""
    said = _("Asked how we did: %(rating)s.") % {"rating": survey.get_rating_display()}
    add_note(survey.case, actor=Actor.visitor(), text=f"{said} {words}".strip())


def may_open_again(survey: Survey) -> bool:
    case = survey.case
    is_that_closing = case.state == CaseState.RESOLVED and case.reopened_count == survey.closing
    return is_that_closing and case.resolved_at is not None and case.resolved_at > timezone.now() - AGAIN_WITHIN


def open_again(survey: Survey, *, why: str, version: int | None = None) -> Case:
    """Raises MoveRefusedError when it cannot be any more, StaleCaseError when it changed meanwhile."""
    if not may_open_again(survey):
        raise MoveRefusedError(_("This request cannot be opened again with this link any more."))
    return reopen_case(survey.case, actor=Actor.visitor(), why=why, version=version)


def vote(*, page: str, is_useful: bool, key: str) -> PageVote:
    """Sent again with the same key it is the same vote."""
    row, _made = PageVote.objects.get_or_create(key=key, defaults={"page": page, "is_useful": is_useful})
    return row


def remark_on(vote: PageVote, words: str) -> Remark:
    row, _made = Remark.objects.get_or_create(vote=vote, defaults={"words": words.strip()})
    return row


def erase_words_of(case: Case, without: Erase) -> int:
    return erase_in(Remark.objects.filter(survey__case=case), ("words",), without)


@transaction.atomic
def settle(remark: Remark, *, actor: User, note: str) -> Remark:
    """Dealt with; who was first stays."""
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.settled_at is None:
        remark.settled_at, remark.settled_by, remark.settled_note = timezone.now(), actor, note.strip()
        remark.save(update_fields=["settled_at", "settled_by", "settled_note"])
    return remark
