"""Writes the record of what happened to accounts, and of what was tried on them and refused."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in.browsers import browser_of
from barnet.customers.signing_in.security import SecurityEvent
from barnet.kit.logging import current_request_id


def record(
    kind: SecurityEventKind, *, request: HttpRequest | None, user: User | None = None, detail: str = "", tried: str = ""
) -> SecurityEvent:
    """`tried` is the e-mail address of a try: only its fingerprint is kept. `request` is None for the system's acts."""
    return SecurityEvent.objects.create(
        user=user,
        kind=kind,
        device=browser_of(request) if request else "",
        detail=detail[:80],
        tried=fingerprint(tried.lower()) if tried else "",
        visitor=visitor_of(request) if request else "",
        request_id=current_request_id()[:64],
    )


def fingerprint(text: str) -> str:
    return salted_hmac("barnet.customers.signing_in.watch", text, algorithm="sha256").hexdigest()[:16]


def visitor_of(request: HttpRequest) -> str:
    try:
        return fingerprint(get_adapter().get_client_ip(request))
    except PermissionDenied:  # the proxy's header makes no sense
        return ""
