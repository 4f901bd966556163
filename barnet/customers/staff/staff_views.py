"""The guardian of data asks what happened to an account, or what is being tried on many."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers import access, selectors
from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import SecurityEvent, User
from barnet.customers.permissions import staff_required
from barnet.customers.signing_in import kiosk, watch
from barnet.customers.signing_in.forms import SecurityFilterForm

PER_PAGE = 50
MOST = 2000  # whoever looks further back asks for one account or a later day


@require_safe
@never_cache
@staff_required("customers.view_securityevent")
def security_record(request: HttpRequest) -> HttpResponse:
    form = SecurityFilterForm(request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    events = SecurityEvent.objects.none() if form.errors else selectors.security_record(**chosen)
    page = Paginator(list(events[:MOST]), PER_PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        whose = getattr(page.object_list[0].user, "customer", None) if chosen.get("email") else None
        access.record(
            actor=cast(User, request.user), customer=whose, what="record of security", purpose=_("Security of accounts")
        )
    return render(request, "customers/staff_security.html", {"form": form, "page": page, "most": MOST})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required("customers.serve_customer")
def kiosk_switch(request: HttpRequest) -> HttpResponse:
    """The browser in which it is opened becomes a kiosk, or stops being one."""
    if request.method != "POST":
        return render(request, "customers/staff_kiosk.html")
    user = cast(User, request.user)
    if request.POST.get("turn") == "on":
        watch.record(SecurityEventKind.KIOSK_ON, request=request, user=user)
        return kiosk.switch_on(request)
    if kiosk.is_kiosk(request):
        watch.record(SecurityEventKind.KIOSK_OFF, request=request, user=user)
    response = redirect("staff_kiosk")
    kiosk.switch_off(response)
    return response
