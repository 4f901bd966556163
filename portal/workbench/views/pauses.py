"""Holding back what a back office is told, and letting it go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from barnet.customers.permissions import staff_required
from portal.cases.delivery import pausing
from portal.cases.models import BackOffice, OfficePause
from portal.workbench.forms.offices import GoOnForm, HoldForm
from portal.workbench.views.common import staff_of
from portal.workbench.views.offices import PAUSE, VIEW


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, PAUSE)
def hold(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug, is_active=True)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "workbench/office_hold.html", {"form": form, "office": office})
    _pause, begins = pausing.hold_office(office, by=staff_of(request), reason=form.cleaned_data["reason"])
    if begins:
        messages.success(request, _("%(office)s is held: what happens is noted, nothing is sent.") % {"office": office})
    else:
        messages.info(request, _("%(office)s is held already. The first reason stays.") % {"office": office})
    return redirect("staff_offices")


@require_POST
@never_cache
@staff_required(VIEW, PAUSE)
def go_on(request: HttpRequest, slug: str) -> HttpResponse:
    office, form = get_object_or_404(BackOffice, slug=slug), GoOnForm(request.POST)
    found = OfficePause.objects.filter(office=office)
    pause = found.filter(pk=form.cleaned_data["pause"]).first() if form.is_valid() else None
    if pause and pausing.go_on(pause, by=staff_of(request)):
        messages.success(request, _("%(office)s goes on: what waits leaves now, in its order.") % {"office": office})
    else:
        messages.info(request, _("Nothing to do: somebody has let %(office)s go on already.") % {"office": office})
    return redirect("staff_offices")
