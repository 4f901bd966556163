"""/staff/answers/…/correct/: the question as it was asked, with its checks, and why it is put right."""

from typing import Any as Anything

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.permissions import staff_required
from portal.smartforms.answers import read_answer, read_answers
from portal.smartforms.definition.model import DataClass, Definition, Question, Step, StepKind
from portal.smartforms.evaluating import broken_checks
from portal.smartforms.kinds import Asking
from portal.smartforms.models import Answer, Submission
from portal.smartforms.results import doors, special
from portal.smartforms.results.correcting import SameAnswerError, StaleAnswerError, correct_answer
from portal.smartforms.results.doors import CORRECT, READ
from portal.smartforms.results.forms import CorrectionForm
from portal.smartforms.results.paths import kept_of, place_of
from portal.smartforms.results.rewalking import facts_of
from portal.smartforms.results.sheet import Row, is_correctable, sheet_of
from portal.smartforms.results.staff_views import VIEW_CASES, staff_of
from portal.smartforms.running.step_form import StepForm
from portal.smartforms.versions import definition_of

_PURPOSE = "correcting an answer"
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, READ, CORRECT)
def correct(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    submission = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    answer = get_object_or_404(submission.answers.prefetch_related("corrections"), pk=pk)
    definition = definition_of(submission.version)
    place = place_of(definition, answer.path)
    if place.step is None or place.question is None or not is_correctable(answer):
        raise Http404
    if answer.data_class == DataClass.SPECIAL:
        if not staff_of(request).has_perm(special.RIGHT):
            raise PermissionDenied
        if not special.open_until(request, submission.case):
            messages.warning(request, _("Say first why you need to read the special-category answers."))
            return redirect("staff_answers", submission.case.reference)
        special.record_reading(request, submission.case)
    if request.method == "POST":
        return _sent(request, submission, answer, place.step, place.question)
    last = _last(answer)
    return _page(request, submission, answer, _field(submission, place.question, answer), _why(seen=last))


def _field(submission: Submission, question: Question, answer: Answer, *sent: Anything) -> StepForm:
    """The day is the one on which it was asked: a limit like “not in the future” is the same as then."""
    given = read_answer(question, answer.value)
    asking = Asking(facts_of(submission).on)
    return StepForm(*sent, questions=[question], asking=asking, given={} if given is None else {question.key: given})


def _why(*, seen: int, reason: str = "") -> CorrectionForm:
    return CorrectionForm(initial={"seen": seen, "reason": reason})


def _last(answer: Answer) -> int:
    rows = list(answer.corrections.all())
    return rows[-1].pk if rows else 0


def _sent(request: HttpRequest, submission: Submission, answer: Answer, step: Step, question: Question) -> HttpResponse:
    form, why = _field(submission, question, answer, request.POST, request.FILES), CorrectionForm(request.POST)
    is_good = form.is_valid()
    if form.asks_more:
        typed = _why(seen=_last(answer), reason=request.POST.get(why.add_prefix("reason"), ""))
        return _page(request, submission, answer, form, typed)
    if is_good:
        _check_together(submission, form, step, question, answer)
    if not (why.is_valid() and form.is_valid()):
        return _page(request, submission, answer, form, why)
    try:
        correct_answer(
            answer,
            actor=Actor.staff(staff_of(request)),
            value=form.answers.get(question.key),
            reason=why.cleaned_data["reason"],
            seen=why.cleaned_data["seen"],
        )
    except SameAnswerError:
        form.refuse(question, _("This is what it says already. Change it, or leave it as it is."))
        return _page(request, submission, answer, form, why)
    except StaleAnswerError:
        return _stale(request, submission, answer, form)
    messages.success(request, _("Corrected. The customer is told now."))
    for sentence in sheet_of(submission, sees_special=_is_open(request, submission)).consequences:
        messages.warning(request, sentence)
    return redirect("staff_answers", submission.case.reference)


def _check_together(submission: Submission, form: StepForm, step: Step, question: Question, answer: Answer) -> None:
    """The author's checks, with the other answers as they are now."""
    definition: Definition = definition_of(submission.version)
    if step.kind is StepKind.GROUP:
        return
    values = read_answers(definition, kept_of((one.path, one.value) for one in submission.answers.all()))
    values.pop(question.key, None)
    values |= form.answers
    for asked, message in broken_checks(definition, values, facts_of(submission), step):
        if asked.key == question.key and not form.has_error(question.key):
            form.refuse(question, message)


def _stale(request: HttpRequest, submission: Submission, answer: Answer, form: StepForm) -> HttpResponse:
    """Both texts: what the other wrote, and what this person wrote, ready to be sent on top of it."""
    now = submission.answers.prefetch_related("corrections").get(pk=answer.pk)
    reason = request.POST.get("correction-reason", "")
    why = CorrectionForm({"correction-seen": str(_last(now)), "correction-reason": reason})
    why.add_error(None, _("Somebody else corrected this answer while you had it open. Read it, then decide again."))
    return _page(request, submission, now, form, why, is_stale=True, status=CONFLICT)


def _page(
    request: HttpRequest,
    submission: Submission,
    answer: Answer,
    form: StepForm,
    why: CorrectionForm,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": submission.case,
        "row": _row(request, submission, answer),
        "question": form.questions[0],
        "field": form[form.questions[0].key],
        "form": form,
        "why": why,
        "is_stale": is_stale,
    }
    return render(request, "smartforms/results/correct.html", context, status=status)


def _row(request: HttpRequest, submission: Submission, answer: Answer) -> Row:
    sheet = sheet_of(submission, sees_special=_is_open(request, submission))
    return next(row for row in sheet.rows if row.pk == answer.pk)


def _is_open(request: HttpRequest, submission: Submission) -> bool:
    return special.open_until(request, submission.case) is not None
