"""`/services/`: what the council offers by topic and from A to Z, and one page for each service."""

from itertools import groupby

from django.db.models import Prefetch
from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.catalogue.models import Category, Service
from barnet.catalogue.presenting import service_page
from barnet.catalogue.selectors import live_categories, live_services

Group = tuple[str, str, list[Service]]  # heading, its address, its services


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    if request.GET.get("order") == "a-z":  # the address of the list before it had one of its own
        return redirect("services_a_to_z", permanent=True)
    listed = live_services().order_by("name").only("slug", "name", "summary", "category")
    categories = Category.objects.prefetch_related(Prefetch("services", listed, to_attr="listed"))
    groups: list[Group] = [(found.name, found.get_absolute_url(), found.listed) for found in categories if found.listed]
    others = list(listed.filter(category=None))
    return _list_page(request, [*groups, (_("Other services"), "", others)] if others else groups, order="topic")


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    found = live_services().order_by(Upper("name")).only("slug", "name", "summary")
    groups: list[Group] = [
        (letter, "", list(members)) for letter, members in groupby(found, key=lambda service: service.name[:1].upper())
    ]
    return _list_page(request, groups, order="a-z")


def _list_page(request: HttpRequest, groups: list[Group], *, order: str) -> HttpResponse:
    trail = [(_("Home"), "/"), (_("Services"), "" if order == "topic" else "/services/")]
    if order == "a-z":
        trail.append((_("A to Z"), ""))
    return render(request, "catalogue/services.html", {"groups": groups, "order": order, "trail": trail})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(live_categories(), slug=slug)
    context = {
        "category": found,
        "services": live_services().filter(category=found).order_by("name"),
        "trail": [(_("Home"), "/"), (_("Services"), "/services/"), (found.name, "")],
    }
    return render(request, "catalogue/category.html", context)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(live_services().select_related("category"), slug=slug)
    return render(request, "catalogue/service.html", service_page(found))
