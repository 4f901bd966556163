"""What a visitor does at a kiosk about the kiosk: ends the visit, or says that they are still there."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from barnet.customers.signing_in import kiosk


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """In somebody's own browser, a form that was left open there wipes nothing."""
    return kiosk.wiped(request) if kiosk.is_shared(request) else redirect("/")


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The use itself is noted by the middleware."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
