"""Before a sensitive change we ask again who it is, unless that was proved a few minutes ago (`sudo_required`).

    path("security/email/", sudo_required(view), ...)

Whoever has a password, an app or a passkey proves it with that; who has none of them, with a code by e-mail. A form
that was sent is kept and goes on afterwards; with `keeps_form=False` it is dropped, because it holds a new password.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def is_fresh(request: HttpRequest) -> bool:
    """Somebody signed in, or proved who they are, a few minutes ago."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def sudo_required(view: View, *, keeps_form: bool = True) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_anonymous:
            return redirect_to_login(request.get_full_path())
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if keeps_form:
            raise ReauthenticationRequired
        methods = get_adapter().get_reauthentication_methods(request.user)
        return redirect_to_login(request.get_full_path(), methods[0]["url"])

    return guarded
