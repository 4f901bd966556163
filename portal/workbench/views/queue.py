"""The list of requests: filters in the address, giving many at once, the same list as a file."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.actors import Actor
from barnet.customers.permissions import staff_required
from barnet.kit.spreadsheets import csv_file
from portal.cases.models import Case
from portal.cases.selectors import QueueFilters, queue
from portal.cases.services import BulkResult, assign_cases
from portal.workbench.exports import csv_lines
from portal.workbench.forms.acts import BulkAssignForm
from portal.workbench.forms.filters import QueueFilterForm
from portal.workbench.paging import PAGE_SIZE, page_of
from portal.workbench.services import record_export
from portal.workbench.trail import list_query
from portal.workbench.views.common import VIEW_CASES, staff_of

ASSIGN, EXPORT = "cases.assign_case", "cases.export_case"


@require_safe
@staff_required(VIEW_CASES)
def case_list(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    form = QueueFilterForm(request.GET, user=user)
    is_valid = form.is_valid()
    filters = form.filters() if is_valid else QueueFilters()
    page = page_of(queue(filters), request.GET.get("page", "1")) if is_valid else None
    context = {
        "form": form,
        "page": page,
        "has_filters": any(value for name, value in request.GET.items() if name not in {"page", "sort"}),
        "filters_in_use": _in_use(form) if is_valid else 0,
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "list_query": list_query(request),
        "may_assign": user.has_perm(ASSIGN),
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


@require_POST
@staff_required(VIEW_CASES, ASSIGN)
def assign_many(request: HttpRequest) -> HttpResponse:
    """First the choice of a team for what was ticked, then the result for each request."""
    seen = _ticked(request.POST.getlist("case"))
    back = _list_address(request)
    cases = list(Case.objects.filter(pk__in=seen).select_related("service", "team", "address").order_by("promise_on"))
    is_answered = "given_to" in request.POST
    form = BulkAssignForm(request.POST if is_answered else None)
    context = {"cases": cases, "seen": seen, "form": form, "back": back, "today": timezone.localdate()}
    if not cases:
        return render(request, "workbench/assign_none.html", context, status=400)
    if not (is_answered and form.is_valid()):
        return render(request, "workbench/assign_many.html", context)
    team, person = form.team_and_person()
    results = assign_cases(
        cases,
        actor=Actor.staff(staff_of(request)),
        team=team,
        assignee=person,
        note=form.cleaned_data["note"],
        versions=seen,
    )
    context |= {"given_to": person or team, "summary": _summary(results), "results": results}
    return render(request, "workbench/assign_done.html", context)


def _ticked(values: Iterable[str]) -> dict[int, int]:
    """`17:3` is case 17 as it was at version 3. What is not of that shape was not ticked in our list."""
    seen = {}
    for value in list(values)[:PAGE_SIZE]:
        pk, _colon, version = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (pk, version)):
            seen[int(pk)] = int(version)
    return seen


def _list_address(request: HttpRequest) -> str:
    address, home = request.POST.get("back", ""), reverse("staff_cases")
    is_ours = address.startswith(home) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else home


def _summary(results: list[BulkResult]) -> str:
    done = sum(not result.refusal for result in results)
    return ngettext("%(done)d request was given.", "%(done)d requests were given.", done) % {"done": done}
