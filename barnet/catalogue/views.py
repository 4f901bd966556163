"""`/services/`: what the council offers, and one page for each service."""

from itertools import groupby

from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.catalogue.selectors import live_services

A_TO_Z = "a-z"


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    is_a_to_z = request.GET.get("order") == A_TO_Z
    if is_a_to_z:
        groups = groupby(live_services().order_by(Upper("name")), key=lambda service: service.name[:1].upper())
    else:
        groups = groupby(live_services().order_by("category", "name"), key=lambda service: service.category)
    return render(
        request,
        "catalogue/services.html",
        {
            "groups": [(heading, list(members)) for heading, members in groups],
            "is_a_to_z": is_a_to_z,
            "trail": [(_("Home"), "/"), (_("Services"), "")],
        },
    )


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(live_services(), slug=slug)
    trail = [(_("Home"), "/"), (_("Services"), "/services/"), (found.name, "")]
    return render(request, "catalogue/service.html", {"service": found, "trail": trail})
