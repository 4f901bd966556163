"""Somebody used an authority or an invitation that is not theirs, or that is over: in the record of security."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import watch

_RECORDED = {"authority_refused": "20/m/user"}  # who walks through numbers leaves lines, not a flood of them


def authority_refused(request: HttpRequest, user: User, what: str) -> None:
    """`what` was tried, as the record names it: "customer 12", "authority 7"."""
    if ratelimit.consume(
        request, app="customers", action="authority_refused", config=_RECORDED, user=user, limit_get=True
    ):
        watch.record(SecurityEventKind.AUTHORITY_REFUSED, request=request, user=user, detail=what)
