"""Promises kept for every address: no back office without a second factor, no personal page in a cache, no session
that was ended, and a record of every visitor who was stopped."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import devices, idle, second_factor, sessions, watch

BACK_OFFICE = "/staff/"
FOR_STAFF = (BACK_OFFICE, "/field/")  # at a desk, and in the street
ACCOUNT = "/account/"


class SecondFactorMiddleware:
    """Nobody enters the back office, the Wagtail admin included, without a second factor in this session.

    Visitors are led to sign in; residents see no back office (404); staff are led to set up an authenticator, or to
    give its code. It looks at the address alone, so that no view can be forgotten.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(FOR_STAFF):
            return self.get_response(request)
        return _led_elsewhere(request) or self.get_response(request)


class SignInMiddleware:
    """Refuses sessions that were ended or copied, keeps the list of open ones true, and knows devices again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _refuse(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            is_use = idle.is_use(request) and not idle.is_idle(request)
            sessions.follow(request, is_use=is_use)
        devices.set_cookie(request, response)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and request.path_info.startswith(ACCOUNT):
            _record_stop(request)
        return response


class IdleMiddleware:
    """Staff who left their desk prove again who they are, whichever page comes next.

    It looks when the view is known, after the check of the form's token: what another site sent is never kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        return idle.stopped(request)


class NoStoreMiddleware:
    """What a signed-in person sees, and every step of signing in, stays out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.path_info.startswith((ACCOUNT, *FOR_STAFF)):
            patch_cache_control(response, no_store=True, private=True)
        return response


def _refuse(request: HttpRequest) -> None:
    if request.user.is_anonymous:
        sessions.refuse_ended(request)
    else:
        sessions.refuse_elsewhere(request)


def _record_stop(request: HttpRequest) -> None:
    """Once a minute for a visitor: a flood leaves a line, not a flood of lines."""
    user = request.user if isinstance(request.user, User) else None
    if cache.add(f"stopped:{watch.visitor_of(request)}:{user and user.pk}", "recorded", timeout=60):
        watch.record(SecurityEventKind.TOO_MANY_TRIES, request=request, user=user)


def _led_elsewhere(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_anonymous:
        return redirect_to_login(request.get_full_path())
    user = cast(User, request.user)
    if not user.is_staff:
        raise Http404
    if not (second_factor.is_set_up(user) or second_factor.is_vouched_for(request)):
        return redirect_to_login(request.get_full_path(), resolve_url("mfa_activate_totp"))
    if not second_factor.is_proved(request):
        return redirect_to_login(request.get_full_path(), resolve_url(second_factor.page_to_prove(user)))
    return None
