"""Other tabs of one browser. One that shows somebody who had the screen before leaves by itself, within a second.

While the screen is shared, or staff help somebody, a cookie that scripts can read names whose it is. Every page knows
the name under which it was made, and `assets/js/tabs.js` leaves when they differ. Without scripts such a tab can be
read until it is closed, but nothing in it works: the token of its forms went with the visit.
"""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from barnet.customers.assisting import screen
from barnet.customers.signing_in.kiosk import is_shared

_KEPT = "screen_name"  # in the session, and so gone with it
# A name begins with who has the screen. Pages of staff from before a visit have no name: they leave for a visitor.
_VISITORS, _STAFFS = "visitor", "staff"


def name_of(request: HttpRequest) -> str:
    """Of the screen, for a page that is made now. Empty where nobody shares it."""
    if not _is_watched(request):
        return ""
    whose = _VISITORS if is_shared(request) else _STAFFS
    if not str(request.session.get(_KEPT, "")).startswith(whose):
        request.session[_KEPT] = f"{whose}-{secrets.token_hex(8)}"
    return str(request.session[_KEPT])


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """For the tabs that are open; the answer that ends a visit has taken the cookie already.

    One that is left of a session that is gone would lead every page away: it goes with the first answer.
    """
    if "Clear-Site-Data" in response or screen.TABS in response.cookies:
        return
    if name := name_of(request):
        response.set_cookie(screen.TABS, name, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    elif screen.TABS in request.COOKIES:
        response.delete_cookie(screen.TABS)


def _is_watched(request: HttpRequest) -> bool:
    return hasattr(request, "session") and (is_shared(request) or screen.visit_key(request) is not None)
