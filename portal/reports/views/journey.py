"""Kind → place → what is reported nearby → the form of the service. Every page can be left, gone back to, bookmarked:
what was said is part of the address until the form begins."""

from typing import Any

from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.acting_for.serving import party_for
from barnet.gazetteer.degrees import from_degrees
from barnet.gazetteer.picker import PickerResult
from portal.reports.forms import KindForm, StartForm
from portal.reports.models import PublicService
from portal.reports.places import OUTSIDE, WHERE, Degrees, degrees_of, degrees_of_photo, point_in_metres
from portal.reports.selectors import kind_named, nearby
from portal.reports.services import near, told_answers
from portal.reports.views.addresses import address_of
from portal.smartforms.kinds import Asking
from portal.smartforms.kinds.places import in_borough
from portal.smartforms.running.beginning import begin
from portal.smartforms.running.step_form import StepForm

_READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    form = KindForm(request.GET if "kind" in request.GET or "go" in request.GET else None)
    if form.is_valid():
        return redirect(address_of("report_place", kind=form.cleaned_data["kind"]))
    return render(request, "reports/start.html", {"form": form}, status=400 if form.is_bound else 200)


@_READ_AND_WRITE
@never_cache
def place(request: HttpRequest) -> HttpResponse:
    kind = kind_named(request.GET.get("kind", ""))
    if request.method == "POST":
        return _placed(request, kind)
    point = point_in_metres(request.GET.get("easting", ""), request.GET.get("northing", ""))
    return _place_page(request, kind, _form(given=_value(point, request.GET.get("text", "")) if point else None))


def _placed(request: HttpRequest, kind: PublicService) -> HttpResponse:
    if "here" in request.POST:
        degrees = degrees_of(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
        sentence = _("Your device did not say where you are. Find the place another way.")
        return _pointed(request, kind, degrees, sentence)
    if "from_photo" in request.POST:
        photo = request.FILES.get("photo")
        sentence = _("The photo does not say where it was taken. Find the place another way.")
        if photo is None:
            sentence = _("Choose a photo first")
        return _pointed(request, kind, degrees_of_photo(photo) if photo else None, sentence)
    form = _form(request.POST)
    if not form.is_valid():
        return _place_page(request, kind, form)
    return redirect(address_of("report_nearby", kind=kind.service.slug, **form.answers["place"]))  # type: ignore[arg-type]


def _pointed(request: HttpRequest, kind: PublicService, degrees: Degrees | None, sentence: str) -> HttpResponse:
    """To the map with the pin there; what is nowhere, or not ours, is said on the page."""
    point = from_degrees(*degrees) if degrees else None
    if point and in_borough(point, timezone.localdate()):
        found = {"easting": round(point.x), "northing": round(point.y), "text": near(point)}
        return redirect(address_of("report_place", kind=kind.service.slug, **found))
    if degrees:
        sentence = str(OUTSIDE)
    return _place_page(request, kind, _form(), sentence)


def _place_page(request: HttpRequest, kind: PublicService, form: StepForm, problem: str = "") -> HttpResponse:
    stands = form.fields["place"].shown(form["place"])  # type: ignore[attr-defined]
    is_looking = isinstance(stands, PickerResult) and stands.step == "search"
    on_map = address_of("report_map", kind=kind.service.slug)
    context = {"kind": kind, "form": form, "problem": problem, "is_looking": is_looking, "on_map": on_map}
    return render(request, "reports/place.html", context)


def _form(data: QueryDict | None = None, given: dict[str, str] | None = None) -> StepForm:
    shown: Any = {"place": given} if given else None
    return StepForm(data, questions=[WHERE], asking=Asking(timezone.localdate()), given=shown)


def _value(point: Point, text: str) -> dict[str, str]:
    return {"easting": str(round(point.x)), "northing": str(round(point.y)), "text": text[:500]}


@_READ_AND_WRITE
@never_cache
def near_it(request: HttpRequest) -> HttpResponse:
    """Reports of the same kind that are open nearby; none of them: on to the details."""
    kind = kind_named(request.GET.get("kind", ""))
    said = {name: request.GET.get(name, "")[:500] for name in ("easting", "northing", "text")}
    point = point_in_metres(said["easting"], said["northing"])
    if point is None and not said["text"].strip():
        return redirect(address_of("report_place", kind=kind.service.slug))
    if point is None:
        said |= {"easting": "", "northing": ""}
    rows = nearby(kind, point) if point else []
    form = StartForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        return _begin(request, kind, said, form.cleaned_data["submission_key"])
    back = address_of("report_place", kind=kind.service.slug, **said)
    return render(request, "reports/nearby.html", {"kind": kind, "rows": rows, "form": form, "back": back})


def _begin(request: HttpRequest, kind: PublicService, said: dict[str, str], key: str) -> HttpResponse:
    assert kind.form is not None  # `kind_named` knows no other
    version = kind.form.live_version
    assert version is not None
    party = party_for(request, service=kind.form.service)
    if kind.form.needs_account and party.customer is None:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    return begin(request, kind.form, version, party=party, key=key, told=told_answers(kind, version, said))
