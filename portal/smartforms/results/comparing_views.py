"""/staff/answers/…/compare/: this form beside another, of the same person or by its reference."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from portal.smartforms.models import Submission
from portal.smartforms.results import doors
from portal.smartforms.results.doors import READ
from portal.smartforms.results.forms import CompareForm
from portal.smartforms.results.matching import changed_between, others_of, side_by_side
from portal.smartforms.results.staff_views import VIEW_CASES, shown_sheet, staff_of

_PURPOSE = "comparing answers"


@require_safe
@never_cache
@staff_required(VIEW_CASES, READ)
def compare_answers(request: HttpRequest, reference: str) -> HttpResponse:
    submission = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    form = CompareForm(request.GET if "other" in request.GET else None)
    other = _other(request, submission, form) if form.is_valid() else None
    context = {
        "case": submission.case,
        "submission": submission,
        "form": form,
        "others": others_of(submission),
        "other": other,
    }
    if other:
        context["head"] = [_("Question"), _name(submission), _name(other), _("Same or different")]
        context["sections"] = side_by_side(shown_sheet(request, submission), shown_sheet(request, other))
        context["changes"] = changed_between(submission, other)
    return render(request, "smartforms/results/compare.html", context, status=400 if form.errors else 200)


def _other(request: HttpRequest, submission: Submission, form: CompareForm) -> Submission | None:
    reference = form.cleaned_data["other"]
    if reference == submission.case.reference:
        form.add_error("other", _("Enter the reference of another request than this one"))
        return None
    try:
        other = doors.submission_for_staff(staff_of(request), reference, purpose=_PURPOSE)
    except Http404:
        form.add_error("other", _("No request with this reference was made with a form"))
        return None
    if other.version.form_id != submission.version.form_id:
        form.add_error("other", _("That request was made with another form"))
        return None
    return other


def _name(submission: Submission) -> str:
    words = _("%(reference)s, version %(number)d")
    return words % {"reference": submission.case.reference, "number": submission.version.number}
