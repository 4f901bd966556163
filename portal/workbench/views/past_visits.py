"""Who was helped at the desks, and what became of it: a list for who leads or helped, figures without names."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.kit.periods import PeriodForm
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.cases.selectors.visits import (
    VIEW_VISITS,
    VisitFigures,
    last_place_of,
    record_seen,
    visit_figures,
    visit_rows,
    visits,
)
from portal.workbench.forms.visits import PastVisitsForm
from portal.workbench.paging import page_of
from portal.workbench.views.common import VIEW_CASES, staff_of
from portal.workbench.views.customers import SERVE, VIEW
from portal.workbench.views.figures import VIEW_FIGURES

COUNTED_UP_TO = 1_000


@require_safe
@never_cache
@staff_required(SERVE, VIEW)
def visit_list(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    form = PastVisitsForm(request.GET or {"place": last_place_of(user)})
    sees_all = user.has_perm(VIEW_VISITS)
    context: dict[str, object] = {"form": form, "sees_all": sees_all}
    if not form.is_valid():
        return render(request, "workbench/visits.html", context, status=400)
    found = visits(form.filters(), seen_by=user)
    page = page_of(found, request.GET.get("page", "1"), rows=visit_rows, counted_up_to=COUNTED_UP_TO)
    record_seen(list(page.object_list), by=user)
    context |= {"page": page, "sees_cases": user.has_perm(VIEW_CASES), "may_figure": user.has_perm(VIEW_FIGURES)}
    return render(request, "workbench/visits.html", context)


@require_safe
@staff_required(VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "workbench/visit_figures.html", {"form": form}, status=400)
    rows = [_cells(line) for line in visit_figures(form.first, form.end)]
    if request.GET.get("format") == "csv":
        return csv_file("visits", csv_lines(_titles(), rows))
    context = {"form": form, "head": _titles(), "rows": rows, "query": request.GET.urlencode(), **form.cleaned_data}
    return render(request, "workbench/visit_figures.html", context)


def _titles() -> list[str]:
    return [
        _("Place"),
        _("Visits"),
        _("With an account"),
        _("With a request"),
        _("Left without an end"),
        _("Minutes, median"),
    ]


def _cells(line: VisitFigures) -> list[object]:
    minutes = "" if line.minutes is None else round(line.minutes)
    return [line.place or _("Not said"), line.visits, line.with_account, line.with_request, line.left, minutes]
