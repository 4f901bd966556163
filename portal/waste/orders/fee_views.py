"""/staff/rounds/fees/: fees of containers, and what was paid in a period; the same as a file."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.kit.periods import PeriodForm
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.waste.orders import fees

VIEW = "waste.view_containerorder"
PAGE_SIZE = 50


@require_safe
@staff_required(VIEW)
def fee_list(request: HttpRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    current = [(price.label, price.payer, price.now, price.change) for price in fees.prices_today()]
    context = {"form": form, "prices": current, "price_head": [_("Fee"), _("Who pays"), _("Today"), _("Change")]}
    if not form.is_valid():
        return render(request, "waste/staff/fees.html", context, status=400)
    found = fees.paid_orders(form.first, form.end)
    if request.GET.get("format") == "csv":
        return csv_file("container-fees", csv_lines(fees.titles(), fees.file_rows(found)))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    context |= {
        "page": page,
        "head": fees.titles(),
        "rows": [fees.cells(order) for order in page.object_list],
        "total": fees.total(found),
        "query": request.GET.urlencode(),
        **form.cleaned_data,
    }
    return render(request, "waste/staff/fees.html", context)
