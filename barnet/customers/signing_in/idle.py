"""A desk that somebody left: after a time without use, staff prove again who they are before anything goes on.

They stay signed in, so that a form that they send after lunch is kept and goes on after the proof (as in `sudo`).
"""

import time
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.httpkit import serialize_request
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import sessions, watch

_RECORDED = "idle_recorded"  # in the session: that the record of security has this pause
# Ways to prove who one is, to leave, and what a page in the background asks by itself.
OPEN = {
    *("account_reauthenticate", "account_reauthenticate_code"),
    *("mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("account_logout", "sign_on_signed_out"),
}
BY_ITSELF = {"wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release"}


def is_idle(request: HttpRequest) -> bool:
    """Nothing was done for longer than staff may leave their desk. Use is noted every few minutes, so the pause may be
    those minutes longer."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff or sessions.TOUCHED not in request.session:
        return False
    proofs = [record["at"] for record in get_authentication_records(request, user)]
    last_use = max(request.session[sessions.TOUCHED], *proofs, 0)
    return time.time() - last_use > settings.STAFF_IDLE_MINUTES * 60 + sessions.TOUCH_EVERY


def is_use(request: HttpRequest) -> bool:
    """A page that was left open asks the server now and then: nobody sits there for that reason."""
    match = request.resolver_match
    return match is None or match.view_name not in BY_ITSELF


def stopped(request: HttpRequest) -> HttpResponse | None:
    """Before a view: where somebody who left their desk is led."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in OPEN or not (isinstance(request.user, User) and request.user.is_staff):
        return None
    if is_idle(request):
        return _led_to_proof(request)
    request.session.pop(_RECORDED, None)
    return None


def _led_to_proof(request: HttpRequest) -> HttpResponse:
    if not request.session.get(_RECORDED):
        request.session[_RECORDED] = True
        watch.record(SecurityEventKind.SESSION_IDLE, request=request, user=cast(User, request.user))
    goes_on = request.get_full_path()
    if _may_be_kept(request):
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
        goes_on = request.path  # the kept request has its query
    way = get_adapter(request).get_reauthentication_methods(request.user)[0]
    return redirect_to_login(goes_on, way["url"])


def _may_be_kept(request: HttpRequest) -> bool:
    """A form that a person sent. A new password has no business in a session; a script's request is no page to see."""
    is_form = request.method == "POST" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return is_form and not any("password" in name for name in request.POST)
