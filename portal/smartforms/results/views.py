"""What somebody sent, for themselves and for whoever may read the request."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.customers.permissions import resident_required
from portal.smartforms.definition.model import DataClass
from portal.smartforms.files.views import document_page, file_response
from portal.smartforms.results import doors
from portal.smartforms.results.sheet import sheet_of


@require_safe
@never_cache
@resident_required
def sent_answers(request: HttpRequest, reference: str) -> HttpResponse:
    submission = doors.submission_for(request.user, reference)
    if reference != submission.case.reference:
        return redirect("account_sent_answers", submission.case.reference)
    sheet = sheet_of(submission, sees_special=doors.sees_special(request.user, submission))
    context = {"case": submission.case, "submission": submission, "sheet": sheet}
    return render(request, "smartforms/results/sent.html", context)


@require_safe
@never_cache
@resident_required
def sent_file(request: HttpRequest, reference: str, file_id: uuid.UUID) -> FileResponse | HttpResponse:
    submission = doors.submission_for(request.user, reference)
    file, answer = doors.file_of(submission, file_id)
    if answer.data_class == DataClass.SPECIAL and not doors.sees_special(request.user, submission):
        raise Http404
    if file.document_id:
        return document_page(file, for_staff=False)
    return file_response(file)
