"""The one way to a property from an address of ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn

View = Callable[..., HttpResponse]


def property_page(view: View) -> View:
    """Turns the UPRN of the address into the property, or 404. Search engines are asked to leave homes alone."""

    @wraps(view)
    def with_address(request: HttpRequest, uprn: str, **kwargs: Any) -> HttpResponse:
        response = view(request, _address(uprn), **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return with_address


def _address(uprn: str) -> Address:
    address = address_by_uprn(uprn)
    if address is None:
        raise Http404
    return address
