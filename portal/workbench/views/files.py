"""A file that should never have been at a request is erased for good, by who may erase words."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.permissions import staff_required
from portal.cases.selectors import case_for_staff
from portal.cases.services import MoveRefusedError, erase_file
from portal.workbench.acts import ERASE
from portal.workbench.forms.acts import EraseFileForm
from portal.workbench.views.common import VIEW_CASES, staff_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, ERASE)
def erase(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    user = staff_of(request)
    case = case_for_staff(user, reference, purpose="erasing a file")
    attachment = case.attachments.filter(pk=pk).first()
    if attachment is None:
        if request.method == "POST":  # pressed twice
            return redirect("staff_case", case.reference)
        raise Http404
    form = EraseFileForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erase_file(attachment, actor=Actor.staff(user), why=form.cleaned_data["why"])
        except MoveRefusedError as refusal:
            form.add_error("why", str(refusal))
        else:
            messages.success(request, _("It is erased for good."))
            return redirect("staff_case", case.reference)
    return render(request, "workbench/file_erase.html", {"case": case, "file": attachment, "form": form})
