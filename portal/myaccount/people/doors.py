"""Whoever opens an authority or an invitation that is not theirs finds nothing, and leaves a line in the record."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse

from barnet.customers.acting_for import refusing
from barnet.customers.models import User

View = Callable[..., HttpResponse]


def recorded(what: str) -> Callable[[View], View]:
    """For a view behind `own_account` with the number as `pk`."""

    def decorated(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, pk: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, **kwargs)
            except Http404:
                refusing.authority_refused(request, cast(User, request.user), f"{what} {pk}")
                raise

        return guarded

    return decorated
