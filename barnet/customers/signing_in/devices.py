"""Browsers in which somebody signed in before: who signs in from a new one is told, and a resident may trust one.

The cookie holds a random token and nothing about a person; each account keeps a hash of it. Trust spares a resident
the second step, never a member of staff, and ends with anything that changes how the account is entered.
"""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import mail, watch
from barnet.customers.signing_in.browsers import browser_of
from barnet.customers.signing_in.security import KnownDevice

COOKIE = "device"
COOKIE_AGE = dt.timedelta(days=365)
TRUST_FOR = dt.timedelta(days=14)
FORGOTTEN_AFTER = dt.timedelta(days=365)
_NEW_TOKEN = "_new_device_token"  # noqa: S105 - the name of an attribute


@transaction.atomic
def recognise(request: HttpRequest, user: User, *, is_first_sign_in: bool, trust: bool = False) -> KnownDevice:
    """Called at every sign-in. A device that is new to an account that was used before is told to its owner."""
    token = _token_of(request) or secrets.token_urlsafe(32)
    setattr(request, _NEW_TOKEN, token)
    now = timezone.now()
    device, is_new = KnownDevice.objects.get_or_create(
        user=user, token_hash=_hash(token), defaults={"name": browser_of(request)}
    )
    device.last_seen_at, device.name = now, browser_of(request)
    if trust and not user.is_staff:
        device.trusted_until = now + TRUST_FOR
        watch.record(SecurityEventKind.DEVICE_TRUSTED, request=request, user=user)
    device.save(update_fields=["last_seen_at", "name", "trusted_until"])
    if is_new and not is_first_sign_in:
        watch.record(SecurityEventKind.NEW_DEVICE, request=request, user=user)
        _tell_owner(user, device)
    return device


def is_trusted(request: HttpRequest, user: User) -> bool:
    token = _token_of(request)
    if not token or user.is_staff:
        return False
    return KnownDevice.objects.trusted(timezone.now()).filter(user=user, token_hash=_hash(token)).exists()


def trusted_devices(user: User) -> QuerySet[KnownDevice]:
    return KnownDevice.objects.trusted(timezone.now()).filter(user=user).order_by("-last_seen_at")


@transaction.atomic
def end_trust(user: User, *, request: HttpRequest | None, devices: QuerySet[KnownDevice] | None = None) -> int:
    """For all of somebody's devices, or for those given. Returns how many were trusted until now."""
    chosen = (KnownDevice.objects.all() if devices is None else devices).filter(user=user)
    ended = chosen.trusted(timezone.now()).update(trusted_until=None)  # type: ignore[attr-defined]
    if ended:
        watch.record(SecurityEventKind.TRUST_ENDED, request=request, user=user)
    return ended


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """After a sign-in, the browser keeps the token by which it is known again."""
    if token := getattr(request, _NEW_TOKEN, ""):
        response.set_cookie(
            COOKIE,
            token,
            max_age=COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _token_of(request: HttpRequest) -> str:
    token = request.COOKIES.get(COOKIE, "")
    return token if 20 <= len(token) <= 100 else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tell_owner(user: User, device: KnownDevice) -> None:
    mail.send(
        "account-new-device",
        email=user.email,
        user=user,
        fields={
            "when": timezone.now(),
            "device": device.name,
            "devices_link": settings.BASE_URL + reverse("account_sessions"),
            "reset_link": settings.BASE_URL + reverse("account_reset_password"),
        },
    )
