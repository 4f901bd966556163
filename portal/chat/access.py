"""The doors to a conversation."""

from django.http import Http404, HttpRequest

from barnet.customers.actors import Actor
from barnet.customers.enums import Power
from barnet.customers.models import User
from portal.cases.models import Case
from portal.cases.selectors import case_for
from portal.tracking import proving


def conversation_of(request: HttpRequest, reference: str) -> tuple[Case, Actor]:
    """One's own request, or that of somebody for whom one may act; else the one that was opened in this browser by a
    code or begun in it. 404 for strangers."""
    if isinstance(request.user, User):
        try:
            case = case_for(request.user, reference, Power.ACT)
        except Http404:
            pass
        else:
            return case, Actor.online(request.user, case.customer)
    opened = proving.opened_case(request.session, reference)
    if opened is None:
        raise Http404
    return opened, Actor.visitor()
