"""What the script on a telephone asks for: the day to keep, a place to send to, and the pages that it shows offline."""

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.services import record_readings
from portal.cases.errors import MoveRefusedError
from portal.field.forms import EndForm, EndFromTelephoneForm, KeyForm
from portal.field.models import Job
from portal.field.selectors import crews_of, day_for_telephone, job_for, jobs_of
from portal.field.services import end_job, sent_before
from portal.field.views.crew import DO

_FILES = ("portal.css", "staff.css", "portal.js", "staff.js", "field.js", "favicon.svg")


@require_safe
@never_cache
@staff_required(DO)
def day(request: HttpRequest) -> JsonResponse:
    user, on = cast(User, request.user), timezone.localdate()
    jobs = jobs_of(crews_of(user), on)
    read = [(job.case.customer, f"job of {job.case.reference}") for job in jobs]
    record_readings(actor=user, read=read, purpose="jobs kept on a telephone")
    said = {"who": user.pk, "day": on, "token": get_token(request), "jobs": day_for_telephone(user, jobs)}
    return JsonResponse(said)


@require_POST
@never_cache
@staff_required(DO)
def end(request: HttpRequest, pk: int) -> JsonResponse:
    """200 when it is recorded, now or before; otherwise a sentence, and nothing has changed."""
    user = cast(User, request.user)
    keyed = KeyForm(request.POST)
    if not keyed.is_valid():
        return _refused(400, _("This was sent without its key. Open the job again."))
    key = f"phone:{keyed.cleaned_data['key']}"
    known = sent_before(key, actor=user, job_pk=pk)
    if known:
        return JsonResponse({"answer": known.answer})
    if not Job.objects.filter(pk=pk, crew__in=crews_of(user)).exists():
        return _refused(404, _("This job is not with your crew any more. What you did is not recorded."))
    return _end(request, job_for(user, pk), user, key)


def _end(request: HttpRequest, job: Job, user: User, key: str) -> JsonResponse:
    form = EndFromTelephoneForm(request.POST, request.FILES, case=job.case)
    if not job.is_planned or not job.case.is_open:  # what could be chosen may be gone with it
        form.fields["chosen"].choices = [(chosen, "") for chosen in request.POST.getlist("chosen")]  # type: ignore[attr-defined]
    if not form.is_valid():
        return _refused(400, " ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        act = end_job(job, actor=Actor.staff(user), key=key, ending=form.ending())
    except MoveRefusedError as refusal:
        return _refused(409, str(refusal))
    return JsonResponse({"answer": act.answer})


def _refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands in for all others when there is no connection. It is the same for everybody."""
    return render(request, "field/offline.html", {"form": EndForm()})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """It rules `/field/` and nothing else: notifications have a worker of their own, at the root."""
    files = [static(name) for name in _FILES]
    context = {"files": files, "page": reverse("field_offline"), "start": reverse("field")}
    response = render(request, "field/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = reverse("field")
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    drawn = {"src": static("favicon.svg"), "type": "image/svg+xml", "sizes": "any"}
    painted = {"src": static("icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any maskable"}
    said = {
        "id": reverse("field"),
        "name": _("Jobs of crews"),
        "short_name": _("Jobs"),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0d4540",
        "icons": [drawn, painted],
    }
    return JsonResponse(said, content_type="application/manifest+json")
