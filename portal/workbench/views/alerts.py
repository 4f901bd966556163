"""Alerts to staff about a customer: placed with a reason and an end, looked at again, ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.alerting.placing import alert_for_staff, alerts_to_review, end_alert, place_alert
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff
from barnet.customers.services import record_readings
from portal.workbench.forms.customers import AlertForm, EndAlertForm
from portal.workbench.paging import PAGE_SIZE
from portal.workbench.views.common import staff_of

VIEW, SEE, PLACE, END = (
    "customers.view_customer",
    "customers.view_alert",
    "customers.add_alert",
    "customers.change_alert",
)


@require_safe
@staff_required(VIEW, SEE, END)
def to_review(request: HttpRequest) -> HttpResponse:
    page = Paginator(alerts_to_review(), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [(alert.customer, f"alert {alert.pk}") for alert in page.object_list]
    record_readings(actor=staff_of(request), read=shown, purpose="alerts to review")
    return render(request, "workbench/alerts.html", {"page": page, "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, SEE, PLACE)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    customer = customer_for_staff(user, pk, purpose="an alert to staff")
    form = AlertForm(request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return render(request, "workbench/alert_new.html", {"form": form, "customer": customer})
    place_alert(customer, by=user, **form.cleaned_data)
    messages.success(request, _("The alert is shown to staff from now on."))
    return redirect("staff_customer", customer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, SEE, END)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    alert = alert_for_staff(user, pk)
    form = EndAlertForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "workbench/alert_end.html", {"form": form, "alert": alert})
    end_alert(alert, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The alert is shown no more."))
    return redirect("staff_customer", alert.customer_id)
