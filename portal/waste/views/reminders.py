"""Be told about collections: begin, prove the e-mail address, end with one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import party_for
from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from portal.waste import selectors
from portal.waste.models import Subscription
from portal.waste.reminder_forms import RemindersForm
from portal.waste.services import SERVICE_SLUG
from portal.waste.subscribing import (
    ask_to_subscribe,
    confirm_subscription,
    end_subscription,
    names_of,
    read_proof,
    subscribe_customer,
    subscription_of,
)
from portal.waste.views.door import property_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def reminders(request: HttpRequest, address: Address) -> HttpResponse:
    tours = selectors.rounds_of(address)
    if not tours:
        return redirect("collection_days", uprn=address.pk)
    customer = party_for(request, service=get_object_or_404(Service, slug=SERVICE_SLUG)).customer
    known = _known(customer, address)
    streams = [tour.stream for tour in tours]
    form = RemindersForm(
        request.POST if request.method == "POST" else None,
        request=request,
        streams=streams,
        is_known=customer is not None,
        initial={"streams": known.streams if known else streams},
    )
    if not form.is_valid():
        context = {"address": address, "form": form, "customer": customer, "known": known}
        return render(request, "waste/reminders.html", context)
    chosen = form.cleaned_data["streams"]
    if customer is None:
        email = form.cleaned_data["email"]
        ask_to_subscribe(email, address, chosen, submission_key=form.cleaned_data["submission_key"])
        return render(request, "waste/reminders_asked.html", {"address": address, "email": email})
    subscribe_customer(customer, address, chosen)
    told = _("We remind you the evening before, and tell you when a day changes.") if chosen else _("We have stopped.")
    messages.success(request, told)
    return redirect("collection_days", uprn=address.pk)


def _known(customer: Customer | None, address: Address) -> Subscription | None:
    return Subscription.objects.active().filter(customer=customer, address=address).first() if customer else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, proof: str) -> HttpResponse:
    """A button, not the mere visit: programs that look at links before people do confirm nothing."""
    read = read_proof(proof)
    if read is None:
        return render(request, "waste/reminders_old_link.html", status=404)
    subscription, streams = read
    is_done = request.method == "POST" and confirm_subscription(proof) is not None
    context = {"address": subscription.address, "bins": names_of(streams), "is_done": is_done}
    return render(request, "waste/reminders_confirm.html", context)


@csrf_exempt  # mail programs send it for people (RFC 8058); the token is the right, and all that it can do is stop
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest, proof: str) -> HttpResponse:
    subscription = subscription_of(proof)
    if subscription is None:
        return render(request, "waste/reminders_old_link.html", status=404)
    if request.method == "POST":
        subscription = end_subscription(subscription)
    context = {"address": subscription.address, "bins": names_of(subscription.streams), "subscription": subscription}
    return render(request, "waste/reminders_end.html", context)
