"""Somebody comes to the desk: a member of staff helps them here, hands the screen over, takes it back, ends it.

`visit` is the visitor's own page, for who has the screen; all others are for staff who serve.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.catalogue.models import Service
from barnet.customers.assisting import screen, visiting
from barnet.customers.assisting.middleware import SHUT
from barnet.customers.enums import VisitEventKind
from barnet.customers.models import AssistedVisit, Customer
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff, search_customers
from barnet.customers.services import create_customer, record_access
from barnet.customers.signing_in import kiosk
from portal.cases.models import Case
from portal.workbench.forms.customers import FindForm
from portal.workbench.forms.visits import NewVisitForm, VisitForm
from portal.workbench.views.common import staff_of
from portal.workbench.views.customers import FOUND_AT_MOST, SERVE, VIEW


@require_safe
@staff_required(SERVE, VIEW)
@never_cache
def visit_page(request: HttpRequest) -> HttpResponse:
    """The visit in this browser; without one, the ways to begin."""
    visit = visiting.visit_here(request)
    if visit:
        return render(request, "workbench/visit.html", {"visit": visit, "events": _events(visit), **_matter(visit)})
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = search_customers(text, limit=FOUND_AT_MOST + 1) if text else []
    if found:
        record_access(actor=staff_of(request), customer=None, what="search of customers", purpose="assisted visit")
    context = {"form": form, "text": text, "found": found[:FOUND_AT_MOST], "has_more": len(found) > FOUND_AT_MOST}
    return render(request, "workbench/visit_begin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(SERVE, VIEW)
@never_cache
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody whose record was found."""
    customer = customer_for_staff(staff_of(request), pk, purpose="assisted visit")
    form = VisitForm(request.POST if request.method == "POST" else None, request=request, helper=staff_of(request))
    if not form.is_valid():
        return render(request, "workbench/visit_new.html", {"form": form, "customer": customer})
    return _begun(request, customer, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(SERVE, VIEW, "customers.add_customer")
@never_cache
def begin_new(request: HttpRequest) -> HttpResponse:
    """For somebody without an account, who need not say who they are."""
    form = NewVisitForm(request.POST if request.method == "POST" else None, request=request, helper=staff_of(request))
    if not form.is_valid():
        return render(request, "workbench/visit_new.html", {"form": form})
    name = form.cleaned_data["name"] or _("Visitor without a name")
    customer = create_customer(submission_key=form.cleaned_data["submission_key"], name=name)
    return _begun(request, customer, form)


def _begun(request: HttpRequest, customer: Customer, form: VisitForm) -> HttpResponse:
    said = form.cleaned_data
    visiting.begin(
        request,
        customer,
        purpose=said["purpose"],
        place=said.get("place", ""),
        submission_key=said["submission_key"],
    )
    messages.success(request, _("You are helping %(name)s. What you do now is done for them.") % {"name": customer})
    return _with_clean_browser(request, redirect("staff_visit"))


@require_POST
@staff_required(SERVE, VIEW)
def hand_over(request: HttpRequest) -> HttpResponse:
    """From then on nobody is signed in here. It goes on where it was, if that is the visitor's to see."""
    if visiting.hand_over(request) is None:
        messages.info(request, _("There is no visit in this browser. Begin one first."))
        return redirect("staff_visit")
    return redirect(_goes_on(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(SERVE, VIEW)
@never_cache
def take_back(request: HttpRequest) -> HttpResponse:
    """Behind a sign-in: the session that was there before the screen was handed over is gone."""
    visit = visiting.visit_here(request)
    if visit is None or screen.handed_over_key(request) is None:
        return redirect("staff_visit")
    if request.method != "POST":
        return render(request, "workbench/visit_take_back.html", {"visit": visit})
    visiting.take_back(request)
    messages.success(request, _("You have the screen again. What you do now is done for the visitor."))
    return redirect("staff_visit")


@require_POST
@staff_required(SERVE, VIEW)
def end(request: HttpRequest) -> HttpResponse:
    visiting.over(request, VisitEventKind.ENDED)
    screen.clean(request)
    messages.success(request, _("The visit is over, and wiped. The next visitor finds nothing of it."))
    return _with_clean_browser(request, redirect("staff_visit"))


@require_safe
@never_cache
def visit(request: HttpRequest) -> HttpResponse:
    here = visiting.visit_here(request) if screen.handed_over_key(request) else None
    if here is None:
        return redirect("/")
    return render(request, "workbench/visitor.html", {"visit": here, **_matter(here)})


def _with_clean_browser(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    kiosk.wipe_browser(request, response, but=kiosk.OF_STAFF)
    return response


def _matter(visit: AssistedVisit) -> dict[str, object]:
    sent = Case.objects.filter(visit_request__visit=visit).order_by("opened_at")
    return {"sent": list(sent[:20]), "starts": Service.objects.filter(live=True).exclude(start_path="")}


def _events(visit: AssistedVisit) -> list[object]:
    return list(visit.events.select_related("actor"))


def _goes_on(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours and not f"{wanted}/".startswith(SHUT) else "/visit/"
