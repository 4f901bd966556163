"""Error pages, health, and the page of all elements.

The pages for a broken request (400, 413) and for our own failure (500) are drawn without request and context
processors: what they would read may be what is broken.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.kit import health
from barnet.kit.logging import current_request_id

LAST_RESORT = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Sorry, there is a problem</title></head>
<body><h1>Sorry, there is a problem</h1><p>Try again later.</p></body></html>"""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(_bare(request, "413.html"), status=413)
    return HttpResponse(_bare(request, "400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return HttpResponse(_bare(request, "500.html"), status=500)
    except Exception:  # a broken template must not hide the failure behind another one
        return HttpResponse(LAST_RESORT, status=500)


def _bare(request: HttpRequest, template: str) -> str:
    known = {
        "council_name": settings.COUNCIL_NAME,
        "request_id": current_request_id(),
        "CSP_NONCE": getattr(request, "csp_nonce", ""),
    }
    return render_to_string(template, known)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    found = health.findings()
    is_ready = all(finding.is_ok for finding in found)
    checks = {
        finding.name: {"ok": finding.is_ok, "text": finding.text, "milliseconds": finding.milliseconds}
        for finding in found
    }
    status = "ready" if is_ready else "not ready"
    return JsonResponse({"status": status, "checks": checks}, status=200 if is_ready else 503)
