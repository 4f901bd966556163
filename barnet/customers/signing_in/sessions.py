"""Where somebody is signed in, and how that ends. A session that was ended is refused at once, and the try recorded.

Two things end it, each enough alone: its row in the store of sessions goes, and the generation that every session of
the account must hold moves on (`User.session_generation`) when all are ended.
"""

import hashlib
import time
from collections.abc import Collection
from importlib import import_module
from typing import cast

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import devices, watch
from barnet.customers.signing_in.browsers import browser_of, names_of
from barnet.customers.signing_in.security import SignInSession

ROW = "sign_in_session"  # in the session: the row that stands for it, and when that was last touched
TOUCHED = "sign_in_session_touched"
BROWSER = "sign_in_browser"
TOUCH_EVERY = 5 * 60  # seconds


def begin(request: HttpRequest, user: User) -> SignInSession:
    """Somebody has just signed in: the session has the key that it will be known by."""
    if request.session.session_key is None:
        request.session.create()
    key = cast(str, request.session.session_key)
    row = SignInSession.objects.create(user=user, device=browser_of(request), session_key=key, key_hash=_hash(key))
    request.session[ROW] = row.pk
    request.session[TOUCHED] = int(time.time())
    request.session[BROWSER] = list(names_of(request))
    return row


def follow(request: HttpRequest, *, is_use: bool = True) -> None:
    """After a request: the row knows the key that the session has now, and every few minutes that it is in use.

    `is_use`: somebody did something, rather than a page that was left open.
    """
    if ROW not in request.session or request.session.session_key is None:
        return
    key = request.session.session_key
    has_new_key = key != request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    is_due = is_use and time.time() - request.session.get(TOUCHED, 0) > TOUCH_EVERY
    if has_new_key:
        SignInSession.objects.filter(pk=request.session[ROW], ended_at=None).update(
            session_key=key, key_hash=_hash(key)
        )
    if is_due:
        request.session[TOUCHED] = int(time.time())
        SignInSession.objects.filter(pk=request.session[ROW]).update(last_seen_at=timezone.now())


def refuse_ended(request: HttpRequest) -> None:
    """A browser came with the key of a session that was ended. It is nobody now; the first try is recorded."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key or request.session.session_key == key:
        return
    ended = SignInSession.objects.filter(key_hash=_hash(key), refused_at=None).exclude(ended_at=None)
    row = ended.select_related("user").first()
    if row and ended.update(refused_at=timezone.now()):
        watch.record(SecurityEventKind.SESSION_REFUSED, request=request, user=row.user)


def refuse_elsewhere(request: HttpRequest) -> None:
    """The key of an open session came from another browser than signed in: it was copied. It ends, for both.

    A thief who names the same browser is not noticed by this: it is a trip wire, and the list of sessions the remedy.
    """
    signed_in_with = request.session.get(BROWSER)
    if signed_in_with is None or signed_in_with == list(names_of(request)):
        return
    watch.record(SecurityEventKind.SESSION_ELSEWHERE, request=request, user=cast(User, request.user))
    mark_ended(request)
    logout(request)


def open_sessions(user: User) -> QuerySet[SignInSession]:
    return SignInSession.objects.open().filter(user=user).order_by("-last_seen_at", "-pk")


def current_row(request: HttpRequest) -> int | None:
    return request.session.get(ROW)


@transaction.atomic
def end(row: SignInSession, *, request: HttpRequest | None) -> bool:
    """One session, at once. False: it was at its end already."""
    row = SignInSession.objects.select_for_update().get(pk=row.pk)
    if row.ended_at is not None:
        return False
    _store().delete(row.session_key)
    row.ended_at, row.session_key = timezone.now(), ""
    row.save(update_fields=["ended_at", "session_key"])
    watch.record(SecurityEventKind.SESSION_ENDED, request=request, user=row.user, detail=row.device)
    return True


@transaction.atomic
def end_all(user: User, *, request: HttpRequest | None = None, keep_current: bool = False) -> None:
    """Every session of an account, known to the list or not; with `keep_current` all but that of the request.

    Devices that were trusted are trusted no more: whoever asks for this does not know who holds them.
    """
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    kept = current_row(request) if request and keep_current else None
    rows = SignInSession.objects.select_for_update().filter(user=user, ended_at=None)
    rows = rows.exclude(pk=kept) if kept else rows
    store = _store()
    for row in rows:
        store.delete(row.session_key)
    SignInSession.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now(), session_key="")
    devices.end_trust(user, request=request)
    watch.record(SecurityEventKind.SIGNED_OUT_EVERYWHERE, request=request, user=user)
    if request and keep_current:
        update_session_auth_hash(request, user)


def note_ended(keys: Collection[str]) -> None:
    """Somebody emptied the store of these: the lists of their owners say so."""
    SignInSession.objects.filter(session_key__in=keys, ended_at=None).update(ended_at=timezone.now(), session_key="")


def forget_unused_devices() -> str:
    """Devices in which nobody signed in for a year. Run nightly; sessions that ended are in the retention schedule."""
    unused = devices.KnownDevice.objects.filter(last_seen_at__lt=timezone.now() - devices.FORGOTTEN_AFTER)
    return f"{unused.delete()[0]} devices"


def mark_ended(request: HttpRequest) -> None:
    """Its owner signed out: the row ends with the session."""
    if row := current_row(request):
        SignInSession.objects.filter(pk=row, ended_at=None).update(ended_at=timezone.now(), session_key="")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _store() -> SessionBase:
    return import_module(settings.SESSION_ENGINE).SessionStore()
