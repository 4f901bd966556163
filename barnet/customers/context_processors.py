from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from barnet.customers.acting_for.serving import Banner
from barnet.customers.assisting import screen, tabs
from barnet.customers.signing_in.kiosk import is_shared
from barnet.customers.signing_in.sign_on import selectors


def serving(request: HttpRequest) -> dict[str, object]:
    """`serving` and `acting_for` for the banner: no query for visitors, none for people who act for themselves."""
    banner = Banner(request)
    return {
        "serving": SimpleLazyObject(lambda: banner.serving),
        "acting_for": SimpleLazyObject(lambda: banner.acting_for),
    }


def sign_on(request: HttpRequest) -> dict[str, object]:
    """Whom one can sign in with, besides an e-mail address; what is linked is looked up only where a page shows it."""
    return {
        "sign_on_providers": list(settings.SIGN_ON.values()),
        "sign_on_links": SimpleLazyObject(lambda: selectors.sign_on_links(request)),
    }


def kiosk(request: HttpRequest) -> dict[str, object]:
    """`kiosk` at a screen that the next visitor will see; `is_visit` when staff handed it over. `screen_name`: whose
    screen the page is made for, so that it leaves when that is over."""
    screen_name = tabs.name_of(request)
    if not is_shared(request):
        return {"kiosk": None, "screen_name": screen_name}
    is_visit = screen.handed_over_key(request) is not None
    minutes = settings.KIOSK_IDLE_MINUTES
    seconds = minutes * 60
    # Without JavaScript the page leaves by itself, a moment after the server holds the visit to be over.
    told = {"seconds": seconds, "minutes": minutes, "leaves_after": seconds + 2, "is_visit": is_visit}
    return {"kiosk": told, "screen_name": screen_name}
