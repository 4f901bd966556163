"""`/notifications/notify/callback/`: Notify tells what became of a message."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from barnet.notifications.enums import Receipt
from barnet.notifications.notify.receipts import apply, meaning

LONGEST = 20_000  # bytes


@csrf_exempt
@require_POST
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """An answer other than 2xx makes Notify try five times more: only what it could do better next time is refused."""
    if not settings.NOTIFY_CALLBACK_TOKEN:
        raise Http404("No callback token is set.")
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.NOTIFY_CALLBACK_TOKEN}"):
        return JsonResponse({"error": "The bearer token is not ours."}, status=401)
    told = _told(request)
    if told is None:
        return JsonResponse({"error": "Send a delivery receipt as JSON."}, status=400)
    reference, receipt = told.get("reference"), _receipt(told)
    if isinstance(reference, str) and receipt is not None:
        apply(reference.replace("\x00", "")[:40], receipt, at=_moment(told.get("completed_at")))
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> dict[str, Any] | None:
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        return None
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _receipt(told: dict[str, Any]) -> Receipt | None:
    """A returned letter has no status: that it is told of at all is the news."""
    if "date_sent" in told and "notification_id" in told:
        return Receipt.PERMANENT_FAILURE
    return meaning(told.get("status"))


def _moment(text: object) -> Any:
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
