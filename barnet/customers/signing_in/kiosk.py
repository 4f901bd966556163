"""A browser in a library that many people use, one after another: nothing of one is there for the next.

Staff switch it on in the browser itself; a signed cookie remembers it. A visit ends by "Finish and wipe", or by itself
after a pause. Ending it ends the session, takes every cookie but that one, and tells the browser to empty its stores.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from barnet.customers.assisting import screen, visiting
from barnet.customers.enums import VisitEventKind
from barnet.customers.signing_in import devices, leaving_nothing

COOKIE = "kiosk"
COOKIE_AGE = 365 * 24 * 60 * 60
_SALT = "kiosk"
_USED = "kiosk_used_at"  # in the session: when somebody last did something here
OF_STAFF = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, devices.COOKIE, COOKIE}  # stay when they end it
_STORES = '"cache", "storage"'  # not "cookies": that this is a kiosk must last
_PATHS = {"forms": "/forms/"}  # cookies that are kept for a part of the site only
# What would leave something of a person on the device.
_NOT_HERE = {"account_push", "push_worker", "field_worker"}


def is_kiosk(request: HttpRequest) -> bool:
    return bool(request.get_signed_cookie(COOKIE, default="", salt=_SALT))


def switch_on(request: HttpRequest) -> HttpResponse:
    """Whoever switched it on is signed out: the next person at this screen is a visitor."""
    response = wiped(request)
    response.set_signed_cookie(
        COOKIE,
        "on",
        salt=_SALT,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def switch_off(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE)
    response.delete_cookie(screen.TABS)


def is_shared(request: HttpRequest) -> bool:
    """Also a browser of staff's in which a visitor has the screen."""
    return is_kiosk(request) or screen.handed_over_key(request) is not None


def wiped(request: HttpRequest, how: VisitEventKind = VisitEventKind.FINISHED) -> HttpResponse:
    """Ends the visit and leads to the start, as a new visitor."""
    is_of_staff = not is_kiosk(request) and screen.handed_over_key(request) is not None
    visiting.over(request, how)
    logout(request)
    response = redirect("/")
    wipe_browser(request, response, but={COOKIE, devices.COOKIE} if is_of_staff else {COOKIE})
    return response


def wipe_browser(request: HttpRequest, response: HttpResponse, *, but: set[str]) -> None:
    """Every cookie but those, and the stores. In a browser of staff's own, the cookie that knows it again is theirs."""
    for name in set(request.COOKIES) - but:
        response.delete_cookie(name, path=_PATHS.get(name, "/"))
    for name, path in _PATHS.items():  # not sent to this address, and there all the same
        response.delete_cookie(name, path=path)
    response["Clear-Site-Data"] = _STORES
    patch_cache_control(response, no_store=True)


class KioskMiddleware:
    """Stands outside of what sets cookies for a person, so that it has the last word about them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_shared(request):
            return self.get_response(request)
        if is_kiosk(request):
            request.COOKIES.pop(devices.COOKIE, None)
        if _is_over(request):
            return wiped(request, VisitEventKind.IDLE)
        if is_use(request):
            request.session[_USED] = int(time.time())
        was_signed_in = SESSION_KEY in request.session
        response = self.get_response(request)
        if is_kiosk(request):
            response.cookies.pop(devices.COOKIE, None)
            if was_signed_in and SESSION_KEY not in request.session and "Clear-Site-Data" not in response:
                wipe_browser(request, response, but={COOKIE})  # who signs out has finished
        patch_cache_control(response, no_store=True, private=True)
        return leaving_nothing.kept_by_nobody(request, response)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        if match and match.view_name in _NOT_HERE and is_shared(request):
            raise Http404


def _is_over(request: HttpRequest) -> bool:
    used_at = request.session.get(_USED)
    if used_at is not None and time.time() - used_at > settings.KIOSK_IDLE_MINUTES * 60:
        return True
    return screen.handed_over_key(request) is not None and not visiting.goes_on(request, is_use=is_use(request))


def is_use(request: HttpRequest) -> bool:
    """What a page asks by itself is nobody's doing."""
    return request.method == "POST" or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
