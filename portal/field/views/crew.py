"""The jobs of the day, and one of them: ordinary pages and forms."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment
from portal.field.forms import EndOnPageForm
from portal.field.models import Job
from portal.field.selectors import (
    contact_rows,
    crews_of,
    degrees_of,
    ended_on,
    field_service_of,
    job_for,
    jobs_of,
    map_of,
    nearest_first,
    photo_for,
)
from portal.field.services import end_job
from portal.reports.places import point_of

DO = "field.do_job"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(DO)
def today(request: HttpRequest) -> HttpResponse:
    """Where the telephone is, is asked by POST and kept nowhere: it stands in no address, log or session."""
    crews, day = crews_of(cast(User, request.user)), timezone.localdate()
    rows: list[tuple[Job, float | None]] = [(job, None) for job in jobs_of(crews, day)]
    here = None
    if request.method == "POST":
        here = point_of(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    if here:
        rows = nearest_first([job for job, _far in rows], here)
    context = {
        "crews": crews,
        "rows": rows,
        "day": day,
        "ended": ended_on(crews, day),
        "map": map_of([job for job, _far in rows], _("Where the jobs are")),
        "is_nearest_first": here is not None,
        "problem": request.method == "POST" and here is None,
    }
    return render(request, "field/today.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(DO)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    found = job_for(user, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EndOnPageForm(*sent, case=found.case, request=request)
    if form.is_valid():
        try:
            key = f"page:{form.cleaned_data['submission_key']}"
            act = end_job(found, actor=Actor.staff(user), key=key, ending=form.ending())
        except MoveRefusedError as refusal:
            form.add_error(None, str(refusal))
            found = job_for(user, pk)
        else:
            messages.success(request, act.answer)
            return redirect("field")
    return _job_page(request, found, form)


def _job_page(request: HttpRequest, found: Job, form: EndOnPageForm) -> HttpResponse:
    case = found.case
    facts = [*case.details, *contact_rows(case, field_service_of(case))]
    context = {
        "job": found,
        "case": case,
        "facts": facts,
        "at": [str(part) for part in degrees_of(case) or ()],
        "map": map_of([found], case.place or case.title),
        "photos": list(Attachment.objects.photos().filter(case=case)),
        "taken": list(found.photos.select_related("attachment")),
        "form": form,
        "is_open": found.is_planned and case.is_open,
    }
    return render(request, "field/job.html", context)


@require_safe
@never_cache
@staff_required(DO)
def photo(request: HttpRequest, pk: int, photo_pk: int) -> FileResponse:
    """What who asked has sent, and what the crew took."""
    found = photo_for(cast(User, request.user), pk, photo_pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
