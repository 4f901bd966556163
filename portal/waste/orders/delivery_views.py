"""/staff/rounds/deliveries/: the stops of a van as a page to print and as a file; ticking what was delivered."""

from collections.abc import Iterable
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.cases.selectors import cases_seen_by
from portal.waste.orders import deliveries
from portal.waste.orders.deliveries import MAY_LIST, MAY_SETTLE, Stop
from portal.waste.orders.delivery_forms import SettleForm, StopFilterForm

PAGE_SIZE = 100  # more than a van takes in a day


@require_safe
@staff_required(*MAY_LIST)
def delivery_list(request: HttpRequest) -> HttpResponseBase:
    user = cast(User, request.user)
    form = StopFilterForm(request.GET)
    if not form.is_valid():
        return render(request, "waste/staff/deliveries.html", {"form": form}, status=400)
    found = deliveries.stops(form.filters())
    if request.GET.get("format") == "csv":
        filters = "&".join(f"{name}={value}" for name, value in request.GET.items() if value and name != "format")
        deliveries.record_file(reader=user, filters=filters)
        rows = (deliveries.file_row(Stop(order)) for order in found.iterator(chunk_size=500))
        return csv_file("deliveries", csv_lines(deliveries.file_titles(), rows))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    stops = deliveries.stops_read(list(page.object_list), reader=user)
    context = {
        "form": form,
        "page": page,
        "stops": stops,
        "opened": _opened([stop.order.case_id for stop in stops], user),
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "may_settle": user.has_perms(MAY_SETTLE),
    }
    return render(request, "waste/staff/deliveries.html", context)


@require_POST
@staff_required(*MAY_SETTLE)
def settle(request: HttpRequest) -> HttpResponse:
    """First the question what became of what was ticked, then the result for each."""
    user = cast(User, request.user)
    seen = _ticked(request.POST.getlist("order"))
    back = _list_address(request)
    orders = list(deliveries.chosen_stops(seen))
    if not orders:
        return render(request, "waste/staff/deliveries_none.html", {"back": back}, status=400)
    form = SettleForm(request.POST if "settle" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, "orders": orders, "seen": seen, "back": back}
        deliveries.stops_read(orders, reader=user)
        return render(request, "waste/staff/deliveries_settle.html", context)
    results = deliveries.settle_stops(
        orders,
        actor=Actor.staff(user),
        is_done=form.cleaned_data["result"] == "done",
        words=form.cleaned_data["words"].strip(),
        versions=seen,
    )
    done = sum(not result.refusal for result in results)
    summary = ngettext("%(done)d request is settled.", "%(done)d requests are settled.", done) % {"done": done}
    opened = _opened([result.case.pk for result in results], user)
    context = {"results": results, "opened": opened, "summary": summary, "back": back}
    return render(request, "waste/staff/deliveries_done.html", context)


def _opened(keys: list[int], user: User) -> set[int]:
    """Of the requests on the list, those whose page they may open: a van takes the orders of every team."""
    return set(cases_seen_by(user).filter(pk__in=keys).values_list("pk", flat=True))


def _ticked(values: Iterable[str]) -> dict[int, int]:
    """`17:3` is order 17, whose case was at version 3. What is not of that shape was not ticked in our list."""
    seen = {}
    for value in list(values)[:PAGE_SIZE]:
        pk, _colon, version = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (pk, version)):
            seen[int(pk)] = int(version)
    return seen


def _list_address(request: HttpRequest) -> str:
    address, home = request.POST.get("back", ""), reverse("staff_deliveries")
    is_ours = address.startswith(home) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else home
