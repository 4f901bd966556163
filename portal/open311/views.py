"""`/api/open311/v2/`. The suffix says the format; without one it is XML."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from barnet.kit.uploads import CleanPhoto, clean_photo
from portal.open311 import describing
from portal.open311.allowing import reader, reporter
from portal.open311.asking import asked_by_service
from portal.open311.problems import CallRefusedError
from portal.open311.reading import Sent
from portal.open311.selectors import as_told, find_reports, find_updates, open_service, open_services, told_reports
from portal.open311.services import report
from portal.open311.updating import take_update, taken
from portal.open311.writing import answer, refusal
from portal.reports.models import PublicReport
from portal.reports.selectors import photo_address

_LIMITS = "300/m/ip"
_Call = Callable[..., tuple[str, Any]]


def call(*methods: str) -> Callable[[_Call], Callable[..., HttpResponse]]:
    """The function gives the name of the outermost element and what is in it. Where one may GET, one may ask for the
    head alone: the server leaves the body out."""
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def wrap(function: _Call) -> Callable[..., HttpResponse]:
        @csrf_exempt  # a key, never a cookie, says who calls
        @functools.wraps(function)
        def view(request: HttpRequest, suffix: str = "xml", **names: str) -> HttpResponse:
            if request.method not in allowed:
                return _not_allowed(request, allowed, suffix)
            if not ratelimit.consume(request, app="portal", action="open311", config=_config(), limit_get=True):
                return refusal("Too many calls. Wait a minute.", 429, suffix)
            try:
                _check_jurisdiction(Sent(request.POST if request.method == "POST" else request.GET))
                root, data = function(request, **names)
            except CallRefusedError as refused:
                return refusal(str(refused), refused.status, suffix)
            except ValidationError as wrong:
                return refusal(" ".join(wrong.messages), 400, suffix)
            except (RequestDataTooBig, TooManyFieldsSent, SuspiciousOperation, MultiPartParserError):
                return refusal("The call is too long, or cannot be read.", 400, suffix)
            return answer(root, data, suffix)

        return view

    return wrap


def _not_allowed(request: HttpRequest, allowed: list[str], suffix: str) -> HttpResponse:
    asks = request.method == "OPTIONS"
    response = HttpResponse(status=204) if asks else refusal(f"Use {' or '.join(allowed)}.", 405, suffix)
    response["Allow"] = ", ".join([*allowed, "OPTIONS"])
    return response


def _check_jurisdiction(sent: Sent) -> None:
    """We are one alone, so nobody needs to name it; who names another one talks to the wrong council."""
    named = sent.one("jurisdiction_id")
    if named and settings.OPEN311_JURISDICTION and named.lower() != settings.OPEN311_JURISDICTION.lower():
        raise CallRefusedError("jurisdiction_id is none of this API.", 404)


@call("GET")
def discovery(request: HttpRequest) -> tuple[str, Any]:
    return "discovery", {
        "changeset": "2026-11-25T00:00:00+00:00",
        "contact": f"Questions about this API: {request.build_absolute_uri('/')}",
        "key_service": f"Keys are given by the council: {request.build_absolute_uri('/')}",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": request.build_absolute_uri("/api/open311/v2"),
                "changeset": "2026-11-25T00:00:00+00:00",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@call("GET")
def services(request: HttpRequest) -> tuple[str, Any]:
    rows = open_services(reader(Sent(request.GET)))
    asked = asked_by_service(row.service for row in rows)
    return "services", [describing.service_row(row, has_questions=bool(asked.get(row.service_id))) for row in rows]


@call("GET")
def definition(request: HttpRequest, code: str) -> tuple[str, Any]:
    row = open_service(code, reader(Sent(request.GET)))
    asked = asked_by_service([row.service]).get(row.service_id, [])
    return "service_definition", describing.definition(row, asked)


@call("GET", "POST")
def requests(request: HttpRequest) -> tuple[str, Any]:
    if request.method != "POST":
        asked = Sent(request.GET)
        return "service_requests", [_told(request, row) for row in find_reports(asked, reader(asked))]
    sent = Sent(request.POST)
    key, reach = reporter(sent)
    photos = _photos(request)
    once = request.headers.get("Idempotency-Key", "").strip()
    if len(once) > 200:
        raise CallRefusedError("Idempotency-Key has at most 200 characters.")
    case = report(key, reach, sent, once, photos)
    return "service_requests", [{"service_request_id": case.reference, "service_notice": "", "account_id": ""}]


@call("GET")
def one_request(request: HttpRequest, reference: str) -> tuple[str, Any]:
    told = as_told(told_reports(reader(Sent(request.GET))))
    found = told.filter(case__reference=reference).first()
    if found is None:
        raise CallRefusedError("There is no such request here.", 404)
    return "service_requests", [_told(request, found)]


@call("GET")
def token(request: HttpRequest, token: str) -> tuple[str, Any]:
    """A request has its number at once: the number is its token, too."""
    if not told_reports(reader(Sent(request.GET))).filter(case__reference=token).exists():
        raise CallRefusedError("There is no such token here.", 404)
    return "service_requests", [{"service_request_id": token, "token": token}]


@call("GET", "POST")
def updates(request: HttpRequest) -> tuple[str, Any]:
    if request.method == "POST":
        sent = Sent(request.POST)
        return "service_request_updates", taken(take_update(*reporter(sent), sent, _photos(request)))
    asked = Sent(request.GET)
    return "service_request_updates", [describing.update_row(entry) for entry in find_updates(asked, reader(asked))]


@call("GET", "POST")
def unknown(request: HttpRequest) -> tuple[str, Any]:
    raise CallRefusedError("There is no such call in this API.", 404)


def _told(request: HttpRequest, row: PublicReport) -> dict[str, Any]:
    photo = next(iter(row.photos.all()), None)
    if photo:
        return describing.request_row(row, request.build_absolute_uri(photo_address(row, photo)))
    return describing.request_row(row, row.media_urls[0] if row.shows_media and row.media_urls else "")


def _photos(request: HttpRequest) -> list[CleanPhoto]:
    """Files of any name: each is a photo, written anew."""
    return [clean_photo(file) for _name, files in request.FILES.lists() for file in files if not isinstance(file, str)]


def _config() -> Any:
    return {"open311": _LIMITS}
