"""How we reach the resident: addresses and numbers, and by which way about what. Theirs alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.models import ContactPoint, Customer, User
from barnet.customers.reaching import contacts
from barnet.notifications import proving
from barnet.notifications.channels import is_offered
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import PushDevice
from barnet.notifications.reach_questions import CodeForm, PointForm, TopicForm
from barnet.notifications.selectors import preference_rows
from portal.myaccount.access import own_account, person

View = Callable[..., HttpResponseBase]


def own_ways(view: View) -> View:
    """Whoever acts for somebody does not see how that person is reached."""

    @own_account
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _user, party, customer = person(request)
        if party.is_delegated:
            return redirect("account_details")
        return view(request, customer, *args, **kwargs)

    return guarded


@require_safe
@own_ways
def contact(request: HttpRequest, customer: Customer) -> HttpResponse:
    points = list(customer.contact_points.select_related("customer__user").order_by("kind", "-is_preferred", "pk"))
    rows = [
        {
            "point": point,
            "may_be_proved": proving.may_be_proved(point),
            "may_be_preferred": not point.is_preferred and point.is_usable and _is_ready(point),
            "may_be_removed": not contacts.is_login_address(point),
        }
        for point in points
    ]
    devices = list(PushDevice.objects.filter(customer=customer))
    context = {
        "rows": rows,
        "preferences": preference_rows(customer),
        "devices": devices,
        "has_push": bool(devices) or is_offered(MessageChannel.PUSH),
    }
    return render(request, "myaccount/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def add(request: HttpRequest, customer: Customer) -> HttpResponse:
    form = PointForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        before = proving.ways_of(customer)
        try:
            point = contacts.add_point(customer, form.cleaned_data["kind"], form.cleaned_data["value"])
        except contacts.TooManyPointsError:
            form.add_error("value", _("You have many addresses and numbers already. Remove one first."))
        else:
            if proving.may_be_proved(point):
                return _code_on_its_way(request, point)
            proving.tell_of_change(customer, _("%(point)s was added.") % {"point": point.shown}, before)
            messages.success(request, _("We have saved it."))
            return redirect("account_contact")
    return render(request, "myaccount/contact_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def prove(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    point = _point(customer, pk)
    if not proving.may_be_proved(point):
        return redirect("account_contact")
    if request.method == "POST" and "again" in request.POST:
        return _code_on_its_way(request, point)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if proving.prove(point, form.cleaned_data["code"]):
            messages.success(request, _("Thank you. We can reach you there."))
            return redirect("account_contact")
        form.add_error("code", _("This code is not right, or no longer works. Try again, or ask for a new one."))
    return render(request, "myaccount/contact_prove.html", {"form": form, "point": point})


@require_POST
@own_ways
def prefer(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    point = _point(customer, pk)
    if point.is_usable and not point.is_preferred and _is_ready(point):
        before = proving.ways_of(customer)
        contacts.prefer(point)
        proving.tell_of_change(customer, _("We use %(point)s first.") % {"point": point.shown}, before)
        messages.success(request, _("We use %(point)s first from now on.") % {"point": point.shown})
    return redirect("account_contact")


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def remove(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    point = _point(customer, pk)
    if contacts.is_login_address(point):
        return redirect("account_email")
    if request.method == "POST":
        before = proving.ways_of(customer)
        contacts.remove_point(point)
        proving.tell_of_change(customer, _("%(point)s was removed.") % {"point": point.shown}, before)
        messages.success(request, _("We have removed it, and no longer use it."))
        return redirect("account_contact")
    return render(request, "myaccount/contact_remove.html", {"point": point})


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def topic(request: HttpRequest, customer: Customer, topic: str) -> HttpResponse:
    if topic not in Topic.values:
        raise Http404
    kept = contacts.preferences_of(customer)[topic]
    form = TopicForm(request.POST if request.method == "POST" else None, topic=topic, preference=kept)
    if form.is_bound and form.is_valid():
        contacts.set_preference(customer, topic, by=cast(User, request.user), **form.answers())
        messages.success(request, _("We have saved how we tell you."))
        return redirect("account_contact")
    needs_device = is_offered(MessageChannel.PUSH) and not PushDevice.objects.filter(customer=customer).exists()
    context = {"form": form, "topic": Topic(topic).label, "needs_device": needs_device}
    return render(request, "myaccount/contact_topic.html", context)


def _is_ready(point: ContactPoint) -> bool:
    """An address that a code could reach must be proved before it is used first."""
    return point.verified_at is not None or point.kind in {ContactKind.LANDLINE, ContactKind.POSTAL}


def _point(customer: Customer, pk: int) -> ContactPoint:
    return get_object_or_404(ContactPoint.objects.select_related("customer__user"), pk=pk, customer=customer)


def _code_on_its_way(request: HttpRequest, point: ContactPoint) -> HttpResponse:
    try:
        proving.send_code(point)
    except proving.TooSoonError:
        messages.info(request, _("We sent a code a moment ago, or several today. Wait a little, then ask again."))
    else:
        messages.success(request, _("We have sent a code to %(point)s.") % {"point": point.shown})
    return redirect("account_contact_prove", point.pk)
