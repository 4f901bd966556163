"""Who may open a view. Visitors are asked to sign in; a member of staff who may not is told so (403);
for everybody else a staff page does not exist (404)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from barnet.customers.models import User
from barnet.customers.signing_in import second_factor

View = Callable[..., HttpResponseBase]

resident_required = login_required
ENTER = "customers.enter_back_office"


def staff_required(*permissions: str) -> Callable[[View], View]:
    """The view needs staff with a second factor in this session, the back office, and all of `permissions`."""

    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_anonymous:
                return redirect_to_login(request.get_full_path())
            user = cast(User, request.user)
            if not user.is_staff:
                raise Http404
            if not second_factor.is_proved(request):
                return redirect_to_login(request.get_full_path(), resolve_url(second_factor.page_to_prove(user)))
            if not user.has_perms((ENTER, *permissions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorator
