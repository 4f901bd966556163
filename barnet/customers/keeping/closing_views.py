from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from barnet.customers.keeping import closing
from barnet.customers.models import User
from barnet.customers.permissions import resident_required
from barnet.customers.signing_in.forms import CloseAccountForm
from barnet.customers.signing_in.sudo import sudo_required


@resident_required
@sudo_required
def close_account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if not user.is_staff and form.is_valid():
        closing.ask_to_close(user, request=request)
        logout(request)
        return redirect("account_closed")
    until = timezone.localdate(timezone.now() + closing.GRACE)
    return render(request, "customers/close.html", {"form": form, "until": until})


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "customers/closed.html")
