"""Somebody calls or visits: find them, serve them, or note what they said."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import start_serving, stop_serving
from barnet.customers.alerting.placing import alerts_of, household_of
from barnet.customers.enums import Channel, CustomerKind
from barnet.customers.keeping.withholding import withheld_readers, withhold_reader
from barnet.customers.linked import links_of
from barnet.customers.merging.services import merges_into
from barnet.customers.models import Customer
from barnet.customers.permissions import staff_required
from barnet.customers.reaching.needs_form import NeedsForm
from barnet.customers.selectors import (
    authorities_given,
    authorities_held,
    customer_for_staff,
    needs_of,
    other_points_of,
    search_customers,
)
from barnet.customers.services import create_customer, record_access, set_needs
from barnet.customers.signing_in.sign_on.selectors import identity_checks, logins_of
from barnet.gazetteer.picker import pick_address
from portal.cases.selectors import cases_of_customer, contacts_of_customer
from portal.workbench.forms.contacts import ContactForm
from portal.workbench.forms.customers import ChannelForm, FindForm, NewCustomerForm, WithholdForm
from portal.workbench.views.common import VIEW_CASES, staff_of
from portal.workbench.views.contacts import LOG, READ, note_and_go_on, usual_answers

SERVE, VIEW, CHANGE = "customers.serve_customer", "customers.view_customer", "customers.change_customer"
FOUND_AT_MOST = 20
SHOWN, SHOWN_ON_REQUEST = 20, 300
_SERVE_ID, _CONTACT_ID = "serve_%s", "contact_%s"  # two forms on one page ask for a channel


@require_safe
@staff_required(SERVE, VIEW)
def serve(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = search_customers(text, limit=FOUND_AT_MOST + 1) if text else []
    if found:
        record_access(actor=staff_of(request), customer=None, what="search of customers", purpose="serving")
    context = {
        "form": form,
        "text": text,
        "found": found[:FOUND_AT_MOST],
        "has_more": len(found) > FOUND_AT_MOST,
    }
    return render(request, "workbench/serve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(SERVE, VIEW, "customers.add_customer")
def new_customer(request: HttpRequest) -> HttpResponse:
    picked = pick_address(request, embedded=True, optional=True, with_provisional=True)
    is_sent = request.method == "POST" and not picked.is_asking
    form = NewCustomerForm(request.POST if is_sent else None, request=request, initial=request.POST.dict())
    if not (is_sent and form.is_valid() and not picked.is_unfinished):
        return render(request, "workbench/new_customer.html", {"form": form, "picked": picked})
    answers = form.cleaned_data
    customer = create_customer(
        submission_key=answers["submission_key"],
        name=answers["name"] or _("Caller without a name"),
        email=answers["email"],
        phone=answers["phone"],
        address=picked.address,
        address_text=picked.typed,
    )
    return redirect("staff_customer", customer.pk)


@require_safe
@staff_required(VIEW)
def customer_page(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for_staff(staff_of(request), pk, purpose="customer service")
    if customer.pk != pk:
        return redirect("staff_customer", customer.pk)
    return _customer_page(request, customer, ChannelForm(auto_id=_SERVE_ID), _empty_contact(request))


@require_POST
@staff_required(SERVE, VIEW)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for_staff(staff_of(request), pk, purpose="serving")
    form = ChannelForm(request.POST, auto_id=_SERVE_ID)
    if not form.is_valid():
        return _customer_page(request, customer, form, _empty_contact(request), failed=form)
    start_serving(request, customer, Channel(form.cleaned_data["channel"]))
    messages.success(request, _("You are serving %(name)s. What you do now is done for them.") % {"name": customer})
    return redirect("staff_customer", customer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(SERVE, VIEW, CHANGE)
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """What a caller or a visitor needs, told to staff. They see it, and who wrote it, in My Account."""
    user = staff_of(request)
    customer = customer_for_staff(user, pk, purpose="what they need")
    form = NeedsForm(request.POST if request.method == "POST" else None, held=needs_of(customer), about_them=True)
    if form.is_valid():
        set_needs(customer, form.told, by=user)
        messages.success(request, _("What they need is saved."))
        return redirect("staff_customer", customer.pk)
    return render(request, "workbench/needs.html", {"form": form, "customer": customer})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, "customers.add_withheldreader")
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """Of whose readings the person is not told, because the law forbids it."""
    user = staff_of(request)
    customer = customer_for_staff(user, pk, purpose="what they are told of readings")
    form = WithholdForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withhold_reader(customer, by=user, **form.cleaned_data)
        messages.success(request, _("It is saved."))
        return redirect("staff_customer_withhold", customer.pk)
    context = {
        "form": form,
        "customer": customer,
        "held_back": withheld_readers(customer),
        "today": timezone.localdate(),
    }
    return render(request, "workbench/withhold.html", context)


@require_POST
@staff_required()
def stop(request: HttpRequest) -> HttpResponse:
    stop_serving(request)
    messages.success(request, _("You are no longer serving anybody."))
    return redirect("staff_home")


@require_POST
@staff_required(VIEW, READ, LOG)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_for_staff(staff_of(request), pk, purpose="contact log")
    form = ContactForm(request.POST, request=request, auto_id=_CONTACT_ID)
    if not form.is_valid():
        return _customer_page(request, customer, ChannelForm(auto_id=_SERVE_ID), form, failed=form)
    return note_and_go_on(request, form, customer)


def _empty_contact(request: HttpRequest) -> ContactForm:
    return ContactForm(request=request, auto_id=_CONTACT_ID, initial=usual_answers(request))


def _customer_page(
    request: HttpRequest,
    customer: Customer,
    channel_form: ChannelForm,
    contact_form: ContactForm,
    *,
    failed: ChannelForm | ContactForm | None = None,
) -> HttpResponse:
    user = staff_of(request)
    sees_cases = user.has_perm(VIEW_CASES)
    sees_contacts = user.has_perm(READ)
    shown = SHOWN_ON_REQUEST if request.GET.get("show") == "more" else SHOWN
    cases = list(cases_of_customer(customer, user)[: shown + 1]) if sees_cases else []
    contacts = contacts_of_customer(customer, user, limit=shown + 1) if sees_contacts else []
    context = {
        "customer": customer,
        "needs": needs_of(customer),
        "alerts": alerts_of(customer, seen_by=user),
        "may_place_alert": user.has_perm("customers.add_alert"),
        "may_end_alert": user.has_perm("customers.change_alert"),
        "other_points": other_points_of(customer),
        "household": household_of(customer, seen_by=user),
        "may_merge": user.has_perm("customers.merge_customer"),
        "may_withhold": user.has_perm("customers.add_withheldreader"),
        "merges": merges_into(customer),
        "sees_authorities": user.has_perm("customers.view_delegation"),
        "given": authorities_given(customer),
        "held": authorities_held(customer),
        "may_record": user.has_perm("customers.add_delegation") and customer.kind == CustomerKind.PERSON,
        "form": failed,
        "channel_form": channel_form,
        "contact_form": contact_form,
        "linked": links_of(customer, user),
        "logins": logins_of(customer),
        "identity_checks": list(identity_checks(customer)),
        "may_serve": user.has_perm(SERVE),
        "may_log": user.has_perm(LOG),
        "may_change_needs": user.has_perms([SERVE, CHANGE]),
        "sees_documents": user.has_perm("documents.view_document"),
        "sees_cases": sees_cases,
        "shown": shown,
        "may_show_more": shown < SHOWN_ON_REQUEST,
        "cases": cases[:shown],
        "has_more_cases": len(cases) > shown,
        "sees_contacts": sees_contacts,
        "contacts": contacts[:shown],
        "has_more_contacts": len(contacts) > shown,
        "starts": Service.objects.filter(live=True).exclude(start_path=""),
        "today": timezone.localdate(),
    }
    return render(request, "workbench/customer.html", context)
