"""Notifications on the resident's devices: turned on in the browser that shall show them, and off from anywhere."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnet.customers.models import Customer
from barnet.notifications import proving
from barnet.notifications.channels import is_offered
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import PushDevice
from barnet.notifications.push import devices as push_devices
from barnet.notifications.push import keys
from barnet.notifications.push.questions import DeviceForm
from portal.myaccount.views.contact import own_ways


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def devices(request: HttpRequest, customer: Customer) -> HttpResponse:
    is_there = is_offered(MessageChannel.PUSH)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not is_there:
        raise Http404
    if form.is_bound and form.is_valid() and _turned_on(request, customer, form):
        return redirect("account_push")
    context = {
        "form": form,
        "is_offered": is_there,
        "devices": PushDevice.objects.filter(customer=customer),
        "public_key": keys.public_key(),
        "worker": reverse("push_worker"),
    }
    return render(request, "myaccount/push.html", context)


def _turned_on(request: HttpRequest, customer: Customer, form: DeviceForm) -> bool:
    name = push_devices.device_name(request.headers.get("User-Agent", ""))
    try:
        is_new = push_devices.add_device(customer, name=name, **form.cleaned_data)
    except push_devices.TooManyDevicesError:
        form.add_error(None, _("You have many devices already. Remove one first."))
        return False
    except push_devices.NotTheirsError:
        form.add_error(
            None, _("This browser is known to us differently. Turn notifications off in it, then try again.")
        )
        return False
    if is_new:
        what = _("Notifications were turned on: %(device)s.") % {"device": name}
        proving.tell_of_change(customer, what, proving.ways_of(customer))
    messages.success(
        request, _("Notifications are on in this browser. Choose under “How we reach you” what they shall tell you.")
    )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@own_ways
def remove(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    device = get_object_or_404(PushDevice, pk=pk, customer=customer)
    if request.method == "POST":
        if push_devices.remove_device(customer, pk):
            what = _("Notifications were turned off: %(device)s.") % {"device": device.name}
            proving.tell_of_change(customer, what, proving.ways_of(customer))
        messages.success(request, _("This device gets no notifications any more."))
        return redirect("account_push")
    return render(request, "myaccount/push_remove.html", {"device": device})
