"""/staff/answers/<reference>/files/<file>/erase/: for who may erase words."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.services import MoveRefusedError
from portal.smartforms.definition.model import DataClass
from portal.smartforms.models import FormFile
from portal.smartforms.results import doors, special
from portal.smartforms.results.doors import READ
from portal.smartforms.results.erasing_files import erase_answer_file
from portal.smartforms.results.forms import EraseFileForm

ERASE = "cases.erase_words"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required("cases.view_case", READ, ERASE)
def erase(request: HttpRequest, reference: str, file_id: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    submission = doors.submission_for_staff(user, reference, purpose="erasing a file")
    case = submission.case
    if request.method == "POST" and not FormFile.objects.filter(submission=submission, pk=file_id).exists():
        return redirect("staff_answers", case.reference)  # pressed twice
    file, answer = doors.file_of(submission, file_id)
    if file.document_id:
        raise Http404
    if answer.data_class == DataClass.SPECIAL and not special.open_until(request, case):
        raise PermissionDenied
    form = EraseFileForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erase_answer_file(file, case, actor=Actor.staff(user), why=form.cleaned_data["why"])
        except MoveRefusedError as refusal:
            form.add_error("why", str(refusal))
        else:
            messages.success(request, _("It is erased for good."))
            return redirect("staff_answers", case.reference)
    return render(request, "smartforms/results/erase_file.html", {"case": case, "file": file, "form": form})
