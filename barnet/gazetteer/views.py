"""`/addresses/`: find an address and what it lies in, and the suggestions that help while typing."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from barnet.gazetteer.forms import MOST_AT_POSTCODE, MissingAddressForm, label_of
from barnet.gazetteer.models import Address
from barnet.gazetteer.picker import pick_address
from barnet.gazetteer.selectors import areas_at, block_of, find_addresses, flats_of
from barnet.gazetteer.services import report_by_visitor

SUGGESTED = 10
SHORTEST = 3  # signs
A_MINUTE = 60
ASKED_A_MINUTE = 120  # by one visitor
TOLD_A_MINUTE = 5  # missing addresses, by one visitor


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    picked = pick_address(request)
    context: dict[str, Any] = {
        "picked": picked,
        "form": picked.form,
        "trail": [(_("Home"), "/"), (_("Find an address"), "")],
    }
    if picked.address:
        context["rows"] = _rows(picked.address)
        context["flats"] = flats_of(picked.address)[:MOST_AT_POSTCODE]
    return render(request, "gazetteer/find.html", context)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    text = request.GET.get("q", "").strip()
    if len(text) < SHORTEST:
        return JsonResponse({"results": []})
    if _asks_too_often(request, "suggest", ASKED_A_MINUTE):
        return JsonResponse({"results": [], "error": _("Too many searches. Wait a minute.")}, status=429)
    found = find_addresses(text, limit=SUGGESTED)
    return JsonResponse({"results": [{"uprn": str(address.uprn), "label": label_of(address)} for address in found]})


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    """Somebody typed an address that the list does not have, and wants us to know."""
    posted = request.POST if request.method == "POST" else None
    form = MissingAddressForm(posted, request=request, initial={"typed": request.GET.get("typed", "")[:300]})
    if form.is_bound and _asks_too_often(request, "missing", TOLD_A_MINUTE):
        form.add_error(None, _("You have sent too many addresses. Wait a minute, and send it again."))
    if form.is_valid():
        report_by_visitor(form.cleaned_data["typed"], submission_key=form.cleaned_data["submission_key"])
        return redirect("address_missing_sent")
    return render(request, "gazetteer/missing.html", {"form": form})


@require_safe
def missing_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "gazetteer/missing_sent.html")


def _rows(address: Address) -> list[tuple[str, object]]:
    areas = areas_at(address.location, timezone.localdate())
    block = block_of(address)
    return [
        (_("Address"), address.one_line),
        *([(_("In the building"), block.one_line)] if block else []),
        (_("UPRN (unique property reference number)"), address.uprn),
        *((area.get_kind_display(), area.name) for area in areas),
        (_("Easting and northing"), f"{address.location.x:.0f}, {address.location.y:.0f}"),
    ]


def _asks_too_often(request: HttpRequest, what: str, most: int) -> bool:
    minute = int(timezone.now().timestamp()) // A_MINUTE
    key = f"{what}:{minute}:{_visitor(request)}"
    cache.add(key, 0, A_MINUTE * 2)
    return bool(cache.incr(key) > most)


def _visitor(request: HttpRequest) -> str:
    from_proxy = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if trusted and len(from_proxy) >= trusted:
        return from_proxy[-trusted].strip()
    return request.META.get("REMOTE_ADDR", "")
