"""/staff/figures/: how services did, for whoever may read figures and nobody's record; the same as a file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.kit.periods import PeriodForm
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.cases.figures import ServiceFigures, service_figures

VIEW_FIGURES = "cases.view_figures"


@require_safe
@staff_required(VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "workbench/figures.html", {"form": form}, status=400)
    rows = [_cells(line) for line in service_figures(form.first, form.end)]
    if request.GET.get("format") == "csv":
        return csv_file("services", csv_lines(_titles(), rows))
    context = {"form": form, "head": _titles(), "rows": rows, "query": request.GET.urlencode(), **form.cleaned_data}
    return render(request, "workbench/figures.html", context)


def _titles() -> list[str]:
    return [
        _("Service"),
        _("Received"),
        _("Open"),
        _("Late"),
        _("Resolved"),
        _("In time"),
        _("Withdrawn"),
        _("Opened again"),
    ]


def _cells(line: ServiceFigures) -> list[object]:
    return [
        line.name,
        line.received,
        line.still_open,
        line.late,
        line.resolved,
        line.kept,
        line.withdrawn,
        line.reopened,
    ]
