"""From the whole borough to a point, press by press, without scripts."""

from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.gazetteer.models import Area
from portal.reports.choosing import SIZES, Window, around, has_ward_near, map_of_window, wards_on, whole, window_of
from portal.reports.models import PublicService
from portal.reports.places import OUTSIDE
from portal.reports.selectors import kind_named
from portal.reports.services import near
from portal.reports.views.addresses import address_of
from portal.smartforms.kinds.places import in_borough


@require_safe
def choose_on_map(request: HttpRequest) -> HttpResponse:
    kind = kind_named(request.GET.get("kind", ""))
    wards = wards_on(timezone.localdate())
    if not wards:  # none was imported yet
        return redirect(address_of("report_place", kind=kind.service.slug))
    window = window_of(request.GET) or whole(wards)
    point = window.pressed(request.GET)
    if point is None:
        return _map_page(request, kind, window, wards)
    if window.nearer and has_ward_near(point, window.nearer / 2, wards):
        return redirect(_address(kind, Window(point, window.nearer)) + "#map")
    if not window.nearer and in_borough(point, timezone.localdate()):
        return redirect(address_of("report_place", kind=kind.service.slug, **_said(point), text=near(point)))
    return _map_page(request, kind, window, wards, str(OUTSIDE))


def _map_page(
    request: HttpRequest, kind: PublicService, window: Window, wards: list[Area], problem: str = ""
) -> HttpResponse:
    ways = [
        ("north", _("North"), 0.0, 0.5),
        ("south", _("South"), 0.0, -0.5),
        ("west", _("West"), -0.5, 0.0),
        ("east", _("East"), 0.5, 0.0),
    ]
    context = {
        "kind": kind,
        "window": window,
        "problem": problem,
        "map": map_of_window(window, wards),
        "sizes": SIZES,
        "back": address_of("report_place", kind=kind.service.slug),
        "further": _address(kind, Window(window.middle, window.further) if window.further else None),
        "moves": [
            (key, word, _address(kind, Window(window.moved(east, north), window.metres)))
            for key, word, east, north in ways
        ],
        "wards": [(ward, _address(kind, around(ward))) for ward in wards] if window.is_whole else [],
    }
    return render(request, "reports/map.html", context)


def _address(kind: PublicService, window: Window | None) -> str:
    shown = {**_said(window.middle), "metres": window.metres} if window else {}
    return address_of("report_map", kind=kind.service.slug, **shown)


def _said(point: Point) -> dict[str, int]:
    return {"easting": round(point.x), "northing": round(point.y)}
