"""The contact log: note what somebody wanted, with or without knowing who they are; find out whose it was later."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.acting_for.serving import may_serve, start_serving
from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import Customer
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff, search_customers
from barnet.customers.services import record_access
from barnet.kit.periods import PeriodForm
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.cases.figures import ContactFigures, contact_figures
from portal.cases.models import Contact
from portal.cases.selectors import ContactFilters, contact_for_staff, contact_rows, contacts, person_of
from portal.cases.services import log_contact, name_caller
from portal.workbench.forms.contacts import ContactFilterForm, ContactForm, UnknownCallerForm
from portal.workbench.forms.customers import FindForm
from portal.workbench.paging import page_of
from portal.workbench.views.common import staff_of

VIEW, READ, LOG = "customers.view_customer", "cases.view_contact", "cases.add_contact"
VIEW_FIGURES = "cases.view_figures"
FOUND_AT_MOST = 20
COUNTED_UP_TO = 1_000  # of a million: whoever looks for one filters
_LAST_CHANNEL = "contact_channel"  # who answers the telephone all morning says so once


@require_safe
@staff_required(VIEW, READ)
def contact_list(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    form = ContactFilterForm(request.GET)
    is_valid = form.is_valid()
    filters = form.filters() if is_valid else ContactFilters()
    listed, number = contacts(filters, user), request.GET.get("page", "1")
    page = page_of(listed, number, rows=contact_rows, counted_up_to=COUNTED_UP_TO) if is_valid else None
    record_access(actor=user, customer=None, what="list of contacts", purpose="contact log")
    context = {
        "form": form,
        "page": page,
        "may_log": user.has_perm(LOG),
        "sees_cases": user.has_perm("cases.view_case"),
    }
    return render(request, "workbench/contacts.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, READ, LOG)
def new_contact(request: HttpRequest) -> HttpResponse:
    """From somebody whom nobody has found yet; the page of a customer has the same form for somebody known."""
    if request.method != "POST":
        form = UnknownCallerForm(request=request, initial=usual_answers(request))
        return render(request, "workbench/contact_new.html", {"form": form})
    form = UnknownCallerForm(request.POST, request=request)
    if not form.is_valid():
        return render(request, "workbench/contact_new.html", {"form": form})
    return redirect("staff_contact", note(request, form, None).pk)


@require_safe
@staff_required(VIEW, READ)
def contact_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    contact = contact_for_staff(user, pk, purpose="contact log")
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = search_customers(text, limit=FOUND_AT_MOST) if text else []
    if found:
        record_access(actor=user, customer=None, what="search of customers", purpose="whose contact it was")
    context = {
        "contact": contact,
        "person": person_of(contact),
        "may_name": user.has_perm(LOG) and contact.subject_id is None,
        "sees_cases": user.has_perm("cases.view_case"),
        "form": form,
        "text": text,
        "found": found,
    }
    return render(request, "workbench/contact.html", context)


@require_POST
@staff_required(VIEW, READ, LOG)
def name(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    contact = contact_for_staff(user, pk, purpose="whose contact it was")
    chosen = request.POST.get("customer", "")
    if contact.subject_id is not None or not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        raise Http404
    customer = customer_for_staff(user, int(chosen), purpose="whose contact it was")
    name_caller(contact, customer=customer, by=user)
    messages.success(request, _("The contact is in the log of %(name)s.") % {"name": customer})
    return redirect("staff_customer", customer.pk)


@require_safe
@staff_required(VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "workbench/contact_figures.html", {"form": form}, status=400)
    rows = [_cells(line) for line in contact_figures(form.first, form.end)]
    if request.GET.get("format") == "csv":
        return csv_file("contacts", csv_lines(_titles(), rows))
    context = {"form": form, "head": _titles(), "rows": rows, "query": request.GET.urlencode(), **form.cleaned_data}
    return render(request, "workbench/contact_figures.html", context)


def note(request: HttpRequest, form: ContactForm, customer: Customer | None) -> Contact:
    answers = form.cleaned_data
    contact = log_contact(
        actor=Actor.staff(staff_of(request), Channel(answers["channel"])),
        subject=customer,
        summary=form.words(),
        service=answers["service"],
        submission_key=answers["submission_key"],
        noted=form.noted(),
    )
    request.session[_LAST_CHANNEL] = answers["channel"]
    messages.success(request, _("The contact is in the log."))
    return contact


def note_and_go_on(request: HttpRequest, form: ContactForm, customer: Customer) -> HttpResponse:
    """To where the customer is served next, when that was asked for: the form of the service, or all services."""
    contact = note(request, form, customer)
    channel = Channel(contact.channel)
    if "start" not in request.POST or not may_serve(request) or channel == Channel.AUTOMATED:
        return redirect("staff_customer", customer.pk)
    start_serving(request, customer, channel)
    return redirect((contact.service.start_path if contact.service else "") or "/services/")


def usual_answers(request: HttpRequest) -> dict[str, str]:
    return {"channel": request.session.get(_LAST_CHANNEL, Channel.PHONE)}


def _titles() -> list[str]:
    return [
        _("Reason"),
        _("Contacts"),
        _("By telephone"),
        _("At a counter"),
        _("Resolved at first contact"),
        _("Could have been avoided"),
    ]


def _cells(line: ContactFigures) -> list[object]:
    return [line.name, line.contacts, line.by_telephone, line.at_a_counter, line.settled, line.avoidable]
