from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from barnet.customers.acting_for.serving import Banner
from barnet.customers.signing_in.kiosk import is_kiosk
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
    return {"kiosk": {"seconds": settings.KIOSK_IDLE_MINUTES * 60} if is_kiosk(request) else None}
