"""Back offices: how they stand, what was given up, and the files of a night."""

import structlog
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.permissions import staff_required
from barnet.customers.services import record_readings
from portal.cases.delivery.nightly import has_its_fingerprint, path_of
from portal.cases.delivery.sending import leave_out, replay
from portal.cases.models import BackOffice, OfficeFile
from portal.cases.selectors.offices import files_of, given_up, standings
from portal.workbench.forms.offices import AGAIN, ByHandForm, ChosenForm, GivenUpFilterForm
from portal.workbench.views.common import staff_of

VIEW, REPLAY = "cases.view_delivery", "cases.replay_delivery"
FETCH, PAUSE = "cases.view_officefile", "cases.pause_backoffice"
SET, ADD = "cases.change_backoffice", "cases.add_backoffice"
PER_PAGE = 25

log = structlog.get_logger("portal.cases.delivery")


@require_safe
@never_cache
@staff_required(VIEW)
def office_list(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    context = {
        "standings": standings(),
        "may_fetch": user.has_perm(FETCH),
        "may_pause": user.has_perm(PAUSE),
        "may_set": user.has_perm(SET),
        "may_add": user.has_perm(ADD),
    }
    return render(request, "workbench/offices.html", context)


@require_safe
@never_cache
@staff_required(VIEW)
def given_up_list(request: HttpRequest) -> HttpResponse:
    form = GivenUpFilterForm(request.GET)
    found = given_up(**form.cleaned_data) if form.is_valid() else given_up().none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may_replay = staff_of(request).has_perm(REPLAY)
    return render(request, "workbench/given_up.html", {"form": form, "page": page, "may_replay": may_replay})


@require_POST
@never_cache
@staff_required(VIEW, REPLAY)
def settle(request: HttpRequest) -> HttpResponse:
    """First shows what would be done; then does it, once: what is no longer given up is passed over."""
    chosen = ChosenForm(request.POST)
    if not chosen.is_valid():
        messages.warning(request, str(next(iter(chosen.errors.values()))[0]))
        return redirect("staff_given_up")
    act, keys = chosen.cleaned_data["act"], chosen.cleaned_data["deliveries"]
    is_confirmed = request.POST.get("step") == "do"
    form = ByHandForm(request.POST if is_confirmed else None)
    if is_confirmed and (act == AGAIN or form.is_valid()):
        _settle(request, keys, act, "" if act == AGAIN else form.cleaned_data["note"])
        return redirect("staff_given_up")
    context = {"form": form, "act": act, "is_again": act == AGAIN, "deliveries": list(given_up().filter(pk__in=keys))}
    return render(request, "workbench/given_up_preview.html", context, status=400 if is_confirmed else 200)


def _settle(request: HttpRequest, keys: list[int], act: str, note: str) -> None:
    chosen, user = given_up().filter(pk__in=keys).order_by(), staff_of(request)
    chosen = chosen.select_related(None)
    count = replay(chosen) if act == AGAIN else leave_out(chosen, by=user, note=note)
    log.info("given up deliveries settled", act=act, count=count, by=user.pk)
    if not count:
        messages.info(request, _("Nothing to do: somebody has seen to it already."))
    elif act == AGAIN:
        said = ngettext("%(count)d delivery is made again.", "%(count)d deliveries are made again.", count)
        messages.success(request, said % {"count": count})
    else:
        said = ngettext("%(count)d delivery is off the list.", "%(count)d deliveries are off the list.", count)
        messages.success(request, said % {"count": count})


@require_safe
@never_cache
@staff_required(VIEW, FETCH)
def office_files(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug)
    page = Paginator(files_of(office), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(file, None if file.removed_at else has_its_fingerprint(file)) for file in page]
    return render(request, "workbench/office_files.html", {"office": office, "page": page, "rows": rows})


@require_safe
@never_cache
@staff_required(VIEW, FETCH)
def office_file(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """Whoever is in the file has it on record that it was read."""
    file = get_object_or_404(OfficeFile.objects.select_related("office"), pk=pk, removed_at=None)
    try:
        content = path_of(file).open("rb")
    except OSError:
        raise Http404 from None
    told = file.deliveries.select_related("case__customer")
    read = {(delivery.case.customer, f"request {delivery.case.reference}") for delivery in told}
    record_readings(actor=staff_of(request), read=read, purpose=_("File for %(office)s") % {"office": file.office})
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type="text/csv; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response
