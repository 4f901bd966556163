"""Who opens My Account: a resident, for themselves or for somebody whose authority they chose to use."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from barnet.customers.acting_for.serving import Party, party_for
from barnet.customers.models import Customer, User
from barnet.customers.permissions import resident_required

View = Callable[..., HttpResponse]


def own_account(view: View) -> View:
    """Sign-in first. Staff who are serving a customer see neither the customer's account here nor their own."""

    @resident_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if party_for(request).is_served:
            return render(request, "myaccount/while_serving.html")
        return view(request, *args, **kwargs)

    return guarded


def person(request: HttpRequest) -> tuple[User, Party, Customer]:
    """Who is signed in, as whom they act, and whose account is shown. For views behind `own_account`."""
    party = party_for(request)
    return cast(User, party.actor.user), party, cast(Customer, party.customer)
