"""/staff/answers/: what was sent with a form, for the staff who work on its request."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.smartforms.definition.model import DataClass
from portal.smartforms.files.views import document_page, file_response
from portal.smartforms.models import Submission
from portal.smartforms.results import doors, special
from portal.smartforms.results.doors import CORRECT, READ
from portal.smartforms.results.forms import ReasonToReadForm
from portal.smartforms.results.matching import since_changed
from portal.smartforms.results.sheet import Sheet, sheet_of

VIEW_CASES = "cases.view_case"
_PURPOSE = "answers of a form"


@require_safe
@never_cache
@staff_required(VIEW_CASES, READ)
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    submission = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    if reference != submission.case.reference:
        return redirect("staff_answers", submission.case.reference)
    return _page(request, submission, ReasonToReadForm())


def _page(request: HttpRequest, submission: Submission, form: ReasonToReadForm) -> HttpResponse:
    user, case = staff_of(request), submission.case
    until = special.open_until(request, case)
    sheet = shown_sheet(request, submission)
    context = {
        "case": case,
        "submission": submission,
        "sheet": sheet,
        "open_until": until if sheet.has_special else None,
        "may_ask": sheet.has_special and not until and user.has_perm(special.RIGHT),
        "may_erase": user.has_perm("cases.erase_words"),
        "may_correct": user.has_perm(CORRECT),
        "sees_customer": user.has_perm("customers.view_customer"),
        "since_changed": since_changed(submission),
        "form": form,
    }
    return render(request, "smartforms/results/staff_answers.html", context)


def shown_sheet(request: HttpRequest, submission: Submission) -> Sheet:
    """With the special-category answers while this session has them open, and a record then."""
    sheet = sheet_of(submission, sees_special=special.open_until(request, submission.case) is not None)
    if sheet.shows_special:
        special.record_reading(request, submission.case)
    return sheet


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, READ, special.RIGHT)
def special_answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Opened for a reason; shut again."""
    submission = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    here = redirect("staff_answers", submission.case.reference)
    if request.method != "POST":
        return here
    if "shut" in request.POST:
        special.shut(request, submission.case)
        messages.success(request, _("The special-category answers are hidden again."))
        return here
    form = ReasonToReadForm(request.POST)
    if not form.is_valid():
        return _page(request, submission, form)
    special.open_for(request, submission.case, reason=form.cleaned_data["reason"])
    return here


@require_safe
@never_cache
@staff_required(VIEW_CASES, READ)
def answer_file(request: HttpRequest, reference: str, file_id: uuid.UUID) -> FileResponse | HttpResponse:
    submission = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    file, answer = doors.file_of(submission, file_id)
    if answer.data_class == DataClass.SPECIAL:
        if not special.open_until(request, submission.case):
            raise PermissionDenied
        special.record_reading(request, submission.case)
    if file.document_id:
        return document_page(file, for_staff=True)
    return file_response(file)


def staff_of(request: HttpRequest) -> User:
    return cast(User, request.user)
