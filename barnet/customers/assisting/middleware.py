"""While a visitor has the screen, this browser opens what is for everybody, and their own matter.

Nobody is signed in then. The back office, accounts and the pages of crews lead to the page of the visit; signing in, to
take the screen back. It looks at the address alone, before anything else does, so that no view can be forgotten.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from barnet.customers.assisting import ending, screen, tabs, visiting
from barnet.customers.enums import VisitEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import kiosk

SHUT = ("/staff/", "/field/", "/account/")
TAKE_BACK = "staff_visit_take_back"
_WAY_BACK = set(
    """account_login account_request_login_code account_confirm_login_code mfa_authenticate mfa_login_webauthn
    account_reauthenticate account_reauthenticate_code mfa_reauthenticate mfa_reauthenticate_webauthn sign_on_start
    sign_on_return account_inactive kiosk_finish kiosk_stay staff_visit_take_back""".split()
)


_STAFF_LEAVE = _WAY_BACK | {"account_logout", "staff_visit_end"}


class HandedOverMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_visitors = screen.handed_over_key(request) is not None
        key, helper = (None, None) if is_visitors else (screen.visit_key(request), request.user)
        response = (_led_elsewhere(request) if is_visitors else None) or self.get_response(request)
        if key is not None and screen.visit_key(request) is None and isinstance(helper, User):
            _ended_with_the_session(request, response, key, helper)
        tabs.tell(request, response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Staff whose visit ended without them, because it lasted too long or was ended elsewhere, act for nobody."""
        if screen.visit_key(request) is None or screen.handed_over_key(request) is not None:
            return None
        if _name_of(request) in _STAFF_LEAVE or visiting.goes_on(request, is_use=kiosk.is_use(request)):
            return None
        return _told_that_it_is_over(request)


def _led_elsewhere(request: HttpRequest) -> HttpResponse | None:
    if _name_of(request) in _WAY_BACK:
        return None
    if not isinstance(request.user, User):
        return redirect("visit") if f"{request.path_info}/".startswith(SHUT) else None
    if not request.user.is_staff:  # the visitor signed in to an account: in a browser that is not theirs
        return kiosk.wiped(request)
    return redirect(TAKE_BACK)


def _told_that_it_is_over(request: HttpRequest) -> HttpResponse:
    screen.clean(request)
    messages.info(request, _("The visit in this browser is over. What was kept of it is wiped."))
    response = redirect("staff_visit")
    kiosk.wipe_browser(request, response, but=kiosk.OF_STAFF)
    return response


def _ended_with_the_session(request: HttpRequest, response: HttpResponse, key: int, helper: User) -> None:
    """Staff signed out at the screen: their visit ends as by its button. One that was ended already stays as it is."""
    ending.end(key, VisitEventKind.ENDED, actor=helper)
    if "Clear-Site-Data" not in response:
        kiosk.wipe_browser(request, response, but=kiosk.OF_STAFF)


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
