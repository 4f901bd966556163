"""/staff/forms/<reference>/ask/: staff choose what they need again, or take it back."""

from typing import Any as Anything
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.selectors import case_for_staff
from portal.cases.services import MoveRefusedError, StaleCaseError
from portal.smartforms.asking.background import kept_of
from portal.smartforms.asking.forms import AskForMoreForm, TakeBackForm
from portal.smartforms.asking.links import WORK
from portal.smartforms.asking.services import ask_for_more, withdraw_more
from portal.smartforms.models import AskedState, MoreAsked, Submission
from portal.smartforms.versions import definition_of

_CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required("cases.view_case", WORK)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    user = cast(User, request.user)
    submission = _submission(user, reference)
    if reference != submission.case.reference:
        return redirect("staff_forms_ask", submission.case.reference)
    asked = submission.asked.filter(state=AskedState.OPEN).select_related("asked_by").first()
    if request.method == "POST" and "take_back" in request.POST:
        return _take_back(request, submission, asked)
    form = AskForMoreForm(
        request.POST if request.method == "POST" else None,
        request=request,
        case=submission.case,
        definition=definition_of(submission.version),
        answered=set(kept_of(submission.answers.all())),
    )
    status = 200
    if form.is_valid():
        try:
            _ask(submission, user, form.cleaned_data)
        except (MoveRefusedError, StaleCaseError) as refusal:
            form.add_error(None, str(refusal))
            status = _CONFLICT
        else:
            messages.success(request, _("They are asked now. The promise stands still until they answer."))
            return redirect("staff_case", submission.case.reference)
    elif asked:
        return _asked_page(request, submission, asked, TakeBackForm())
    context = {"case": submission.case, "submission": submission, "form": form}
    return render(request, "smartforms/asking/ask.html", context, status=status)


def _submission(user: User, reference: str) -> Submission:
    case = case_for_staff(user, reference, purpose="asking for more")
    submission = Submission.objects.select_related("version__form").filter(case=case).first()
    if submission is None:
        raise Http404
    submission.case = case
    return submission


def _ask(submission: Submission, user: User, said: dict[str, Anything]) -> None:
    ask_for_more(
        submission,
        actor=Actor.staff(user),
        questions=said["questions"],
        why=said["why"],
        days=said["days"],
        key=said["submission_key"],
        version=said["version"],
    )


def _take_back(request: HttpRequest, submission: Submission, asked: MoreAsked | None) -> HttpResponse:
    form = TakeBackForm(request.POST)
    if asked and not form.is_valid():
        return _asked_page(request, submission, asked, form)
    actor = Actor.staff(cast(User, request.user))
    if asked and withdraw_more(asked, actor=actor, note=form.cleaned_data["note"]):
        messages.success(request, _("Taken back. The request goes on, and the customer is told."))
    else:
        messages.info(request, _("Nothing is asked any more. Somebody may have answered already."))
    return redirect("staff_case", submission.case.reference)


def _asked_page(request: HttpRequest, submission: Submission, asked: MoreAsked, form: TakeBackForm) -> HttpResponse:
    definition = definition_of(submission.version)
    titles = {step.key: step.title for step in definition.steps}
    labels = {key: question.label for key, question in definition.questions.items()}
    context = {
        "case": submission.case,
        "submission": submission,
        "asked": asked,
        "labels": [labels.get(key) or titles.get(key) or key for key in asked.questions],
        "form": form,
    }
    return render(request, "smartforms/asking/asked.html", context)
