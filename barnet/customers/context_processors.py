from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from barnet.customers.serving import Banner


def serving(request: HttpRequest) -> dict[str, object]:
    """`serving` and `acting_for` for the banner: no query for visitors, none for people who act for themselves."""
    banner = Banner(request)
    return {
        "serving": SimpleLazyObject(lambda: banner.serving),
        "acting_for": SimpleLazyObject(lambda: banner.acting_for),
    }
