"""A signed call of a back office: docs/developers/back-offices.md."""

import json
import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.cases.delivery.keys import secrets_of
from portal.cases.delivery.kinds import kinds
from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.signing import SIGNATURE, TIMESTAMP, is_signed
from portal.cases.delivery.updates import UpdateRefusedError, apply_update, read_update

LONGEST = 100_000  # bytes


@csrf_exempt
@require_POST
@never_cache
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    """An unknown office and a wrong signature are answered alike."""
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        return _refusal("The call is too long.", 413)
    signing = [kind.name for kind in kinds() if kind.signs]
    office = BackOffice.objects.filter(slug=slug, kind__in=signing).first()
    signed = {"timestamp": request.headers.get(TIMESTAMP, ""), "signature": request.headers.get(SIGNATURE, "")}
    now = time.time()
    secrets = secrets_of(office) if office else []
    if office is None or not any(is_signed(secret, request.body, **signed, now=now) for secret in secrets):
        return _refusal("Sign the call with the secret of the office, within five minutes.", 401)
    try:
        said = read_update(_mapping(request.body))
        update, is_repeated = apply_update(office, said)
    except UpdateRefusedError as refused:
        return _refusal(str(refused), refused.status)
    return JsonResponse({"result": update.result, "repeated": is_repeated})


def _mapping(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise UpdateRefusedError("Send one update as JSON.", 400)
    return said


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
