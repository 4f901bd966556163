"""Who opens My Account: a resident, for themselves or for somebody whose authority they chose to use."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from barnet.customers.acting_for.serving import Party, party_for
from barnet.customers.models import Customer, User
from barnet.customers.permissions import resident_required

View = Callable[..., HttpResponseBase]


def own_account(view: View) -> View:
    """Sign-in first. Staff who are serving a customer see neither the customer's account here nor their own."""

    @resident_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if party_for(request).is_served:
            return render(request, "myaccount/while_serving.html")
        return view(request, *args, **kwargs)

    return guarded


def person(request: HttpRequest) -> tuple[User, Party, Customer]:
    """Who is signed in, as whom they act, and whose account is shown. For views behind `own_account`."""
    party = party_for(request)
    return cast(User, party.actor.user), party, cast(Customer, party.customer)


def theirs_alone(view: View) -> View:
    """While somebody acts for another, these pages are neither theirs nor the other's."""

    @own_account
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if person(request)[1].is_delegated:
            return redirect("account_details")
        return view(request, *args, **kwargs)

    return guarded
