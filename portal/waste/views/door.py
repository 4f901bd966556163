"""The one way to a property from an address of ours, and the page that asks which one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from barnet.customers.acting_for.serving import party_for
from barnet.gazetteer.models import Address
from barnet.gazetteer.picker import pick_address
from barnet.gazetteer.selectors import address_by_uprn

View = Callable[..., HttpResponse]


def property_page(view: View) -> View:
    """Turns the UPRN of the address into the property, or 404. Search engines are asked to leave homes alone."""

    @wraps(view)
    def with_address(request: HttpRequest, uprn: str, **kwargs: Any) -> HttpResponse:
        response = view(request, _address(uprn), **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return with_address


def _address(uprn: str) -> Address:
    address = address_by_uprn(uprn)
    if address is None:
        raise Http404
    return address


def which_home(request: HttpRequest, *, title: str, back: str, leads_to: str, outside: str) -> HttpResponse:
    """The first page of a journey about one home. `leads_to` names the address of its next page, by UPRN."""
    picked = pick_address(request, outside=outside)
    if picked.address:
        return redirect(leads_to, uprn=picked.address.pk)
    if picked.typed:
        return render(request, "waste/not_listed.html", {"typed": picked.typed})
    known = party_for(request).customer
    context = {
        "picked": picked,
        "form": picked.form,
        "own_address": known.address if known else None,
        "title": title,
        "back": back,
        "leads_to": leads_to,
    }
    return render(request, "waste/which_home.html", context)
