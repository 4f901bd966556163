"""Pages at /bins/what-goes-where/."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.customers.acting_for.serving import party_for
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn
from portal.waste.models import WasteItem
from portal.waste.sorting import selectors
from portal.waste.sorting.forms import FindItemForm


@require_safe
def what_goes_where(request: HttpRequest) -> HttpResponse:
    form = FindItemForm(request.GET if "q" in request.GET else None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {
        "form": form,
        "text": text,
        "items": selectors.search_items(text) if text else [],
        "home": _home(request),
        "home_query": _home_query(request),
    }
    return _private(request, render(request, "waste/sorting/find.html", context))


@require_safe
def items_a_to_z(request: HttpRequest) -> HttpResponse:
    found = selectors.all_items().only("name", "slug")
    groups = [(letter, list(members)) for letter, members in groupby(found, key=lambda item: item.name[:1].upper())]
    context = {"groups": groups, "home_query": _home_query(request)}
    return _private(request, render(request, "waste/sorting/a_to_z.html", context))


@require_safe
def waste_item(request: HttpRequest, slug: str) -> HttpResponse:
    item = get_object_or_404(WasteItem, slug=slug)
    home = _home(request)
    context = {
        "item": item,
        "home": home,
        "at_home": selectors.at_home(item.destination, home, timezone.localdate()) if home else None,
        "home_query": _home_query(request),
        "trail": [
            (_("Home"), "/"),
            (_("What goes where"), f"../{_home_query(request)}"),
            (item.name, ""),
        ],
    }
    return _private(request, render(request, "waste/sorting/item.html", context))


def _home(request: HttpRequest) -> Address | None:
    """The property named in the address of the page, or else where the person lives for whom somebody is here."""
    asked = address_by_uprn(request.GET.get("uprn", "")[:20])
    if asked:
        return asked
    customer = party_for(request).customer
    return customer.address if customer else None


def _home_query(request: HttpRequest) -> str:
    asked = address_by_uprn(request.GET.get("uprn", "")[:20]) if "uprn" in request.GET else None
    return f"?{urlencode({'uprn': asked.pk})}" if asked else ""


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Search engines list things, not homes."""
    if "uprn" in request.GET:
        response["X-Robots-Tag"] = "noindex"
    return response
