"""The list of requests: filters in the address, and the same list as a file."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.kit.spreadsheets import csv_file
from portal.cases.selectors import QueueFilters, queue, views_for
from portal.workbench.exports import csv_lines
from portal.workbench.forms.filters import QueueFilterForm
from portal.workbench.many import many_for
from portal.workbench.paging import page_of
from portal.workbench.services import record_export
from portal.workbench.trail import list_query
from portal.workbench.views.common import ASSIGN_CASES, VIEW_CASES, staff_of

EXPORT = "cases.export_case"


@require_safe
@staff_required(VIEW_CASES)
def case_list(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    form = QueueFilterForm(request.GET, user=user)
    is_valid = form.is_valid()
    filters = form.filters() if is_valid else QueueFilters(seen_by=user)
    page = page_of(queue(filters), request.GET.get("page", "1")) if is_valid else None
    context = {
        "form": form,
        "page": page,
        "views": views_for(user),
        "has_filters": any(value for name, value in request.GET.items() if name not in {"page", "sort"}),
        "filters_in_use": _in_use(form) if is_valid else 0,
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "list_query": list_query(request),
        "many": many_for(user) if user.has_perm(ASSIGN_CASES) else [],
        "may_export": user.has_perm(EXPORT),
        "may_see_customer": user.has_perm("customers.view_customer"),
    }
    return render(request, "workbench/case_list.html", context, status=200 if is_valid else 400)


def _in_use(form: QueueFilterForm) -> int:
    return sum(bool(value) for name, value in form.cleaned_data.items() if name not in {"q", "sort"})


@require_safe
@staff_required(VIEW_CASES, EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    form = QueueFilterForm(request.GET, user=staff_of(request))
    if not form.is_valid():
        return redirect(f"{reverse('staff_cases')}?{request.GET.urlencode()}")
    record_export(actor=staff_of(request), filters=request.GET.urlencode())
    return csv_file("requests", csv_lines(queue(form.filters())))
