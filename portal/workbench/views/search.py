"""/staff/search/: the box in the head of every page of the back office."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.customers.services import record_access
from portal.workbench.finding import CASE, CUSTOMER, Found, find, may_find
from portal.workbench.forms.customers import SearchForm
from portal.workbench.views.common import staff_of


@require_safe
@staff_required()
def search(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    if not may_find(user):
        raise PermissionDenied
    form = SearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = find(user, text) if text else Found()
    if found.straight:
        return redirect(found.straight)
    if found.shows_people:
        record_access(actor=user, customer=None, what="search of customers", purpose="search")
    context = {
        "form": form,
        "text": text,
        "found": found,
        "sees_cases": user.has_perm(CASE),
        "sees_customers": user.has_perm(CUSTOMER),
        "may_make": user.has_perms(["customers.serve_customer", "customers.add_customer"]),
    }
    return render(request, "workbench/search.html", context)
