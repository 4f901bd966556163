"""/staff/back-offices/: how the other systems stand, and what becomes of deliveries that were given up."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.actors import Actor
from barnet.customers.permissions import staff_required
from portal.cases.delivery.deciding import REPLAY, given_up, office_lines, settle_by_hand, try_again
from portal.workbench.forms.offices import DecideForm, OfficeFilterForm
from portal.workbench.paging import PAGE_SIZE
from portal.workbench.views.common import VIEW_CASES, staff_of


@require_safe
@staff_required(VIEW_CASES, REPLAY)
def offices(request: HttpRequest) -> HttpResponse:
    return _page(request, DecideForm())


@require_POST
@staff_required(VIEW_CASES, REPLAY)
def decide(request: HttpRequest) -> HttpResponse:
    form = DecideForm(request.POST)
    keys = _keys(request.POST.getlist("delivery"))
    form.is_valid()
    if not keys:
        form.add_error(None, DecideForm.NOTHING_CHOSEN)
    if not form.is_valid():
        return _page(request, form, keys)
    actor = Actor.staff(staff_of(request))
    if form.cleaned_data["what"] == DecideForm.AGAIN:
        done = try_again(keys, actor=actor)
        said = ngettext("%(done)d delivery is sent again.", "%(done)d deliveries are sent again.", done)
    else:
        done = settle_by_hand(keys, actor=actor, why=form.cleaned_data["why"])
        said = ngettext("%(done)d delivery is left out.", "%(done)d deliveries are left out.", done)
    messages.success(request, said % {"done": done})
    return redirect("staff_offices")


def _page(request: HttpRequest, form: DecideForm, chosen: Iterable[uuid.UUID] = ()) -> HttpResponse:
    filters = OfficeFilterForm(request.GET)
    found = given_up()
    if filters.is_valid() and filters.cleaned_data["office"]:
        found = found.filter(office=filters.cleaned_data["office"])
    context = {
        "lines": office_lines(),
        "filters": filters,
        "form": form,
        "chosen": set(chosen),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", "1")),
    }
    return render(request, "workbench/offices.html", context, status=400 if form.errors else 200)


def _keys(values: Iterable[str]) -> list[uuid.UUID]:
    """What is not of our making was not ticked in our list."""
    keys = []
    for value in list(values)[:PAGE_SIZE]:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue
    return keys
