"""Staff see and set how a customer is reached, with a reason, and let messages go again to an address that failed."""

import uuid
from typing import Any, cast

import pghistory
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.enums import Topic
from barnet.customers.models import Customer, User
from barnet.customers.permissions import staff_required
from barnet.customers.reaching import contacts
from barnet.customers.selectors import customer_for_staff
from barnet.customers.services import record_access
from barnet.notifications import proving, selectors, suppression
from barnet.notifications.models import SuppressedAddress
from barnet.notifications.reach_questions import LiftForm, PointForSomebodyForm, TopicForSomebodyForm

VIEW, CHANGE = "customers.view_customer", "customers.change_customer"
VIEW_MESSAGES, LIFT = "notifications.view_message", "notifications.lift_suppression"
PER_PAGE = 25


def _customer(request: HttpRequest, pk: int) -> Customer:
    return customer_for_staff(cast(User, request.user), pk, purpose="how to reach them")


@require_safe
@never_cache
@staff_required(VIEW)
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return render(
        request,
        "notifications/reach.html",
        {
            "customer": customer,
            "points": customer.contact_points.order_by("kind", "-is_preferred", "pk"),
            "preferences": selectors.preference_rows(customer),
            "may_change": request.user.has_perm(CHANGE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, CHANGE)
def reach_add(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    form = PointForSomebodyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _add(customer, form.cleaned_data)
        except contacts.TooManyPointsError:
            form.add_error("value", _("The customer has many addresses and numbers already."))
        else:
            messages.success(request, _("Saved. The customer is told of it at the addresses that we knew before."))
            return redirect("staff_reach", pk)
    return render(request, "notifications/reach_add.html", {"form": form, "customer": customer})


@transaction.atomic
def _add(customer: Customer, answers: dict[str, Any]) -> None:
    with pghistory.context(reason=answers["reason"]):
        before = proving.ways_of(customer)
        is_confirmed = answers["is_confirmed"]
        point = contacts.add_point(customer, answers["kind"], answers["value"], verified=is_confirmed)
        what = _("%(point)s was added by a member of staff: %(reason)s")
        proving.tell_of_change(customer, what % {"point": point.shown, "reason": answers["reason"]}, before)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, CHANGE)
def reach_topic(request: HttpRequest, pk: int, topic: str) -> HttpResponse:
    customer = _customer(request, pk)
    if topic not in Topic.values:
        raise Http404
    kept = contacts.preferences_of(customer)[topic]
    form = TopicForSomebodyForm(request.POST if request.method == "POST" else None, topic=topic, preference=kept)
    if form.is_bound and form.is_valid():
        by, reason = cast(User, request.user), form.cleaned_data["reason"]
        contacts.set_preference(customer, topic, by=by, reason=reason, **form.answers())
        messages.success(request, _("We have saved how we tell them."))
        return redirect("staff_reach", pk)
    context = {"form": form, "customer": customer, "topic": Topic(topic).label}
    return render(request, "notifications/reach_topic.html", context)


@require_safe
@never_cache
@staff_required(VIEW_MESSAGES)
def suppressed(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.suppressed_addresses(), PER_PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        seen_at = f"suppressed addresses {uuid.uuid4().hex[:8]}"
        record_access(actor=cast(User, request.user), customer=None, what=seen_at, purpose="addresses that failed")
    return render(request, "notifications/suppressed.html", {"page": page, "may_lift": request.user.has_perm(LIFT)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_MESSAGES, LIFT)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SuppressedAddress, pk=pk)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if suppression.lift(found, by=cast(User, request.user), reason=form.cleaned_data["reason"]):
            messages.success(request, _("Messages go there again."))
        else:
            messages.info(request, _("Nothing to do: messages go there already."))
        return redirect("staff_suppressed")
    return render(request, "notifications/lift.html", {"form": form, "suppressed": found})
