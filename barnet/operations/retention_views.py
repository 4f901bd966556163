"""`/staff/retention/`: how long each kind of record is kept, decided by the guardian of data."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit.retention import UnknownKindError, kind_of, kinds
from barnet.operations import retention
from barnet.operations.forms import PeriodForm
from barnet.operations.models import RetentionPeriod, RetentionReport

VIEW = "operations.view_retentionperiod"
CHANGE = "operations.change_retentionperiod"


@require_safe
@never_cache
@staff_required(VIEW)
def schedule(request: HttpRequest) -> HttpResponse:
    periods = RetentionPeriod.objects.select_related("changed_by").in_bulk()
    latest = {report.kind: report for report in RetentionReport.objects.order_by("kind", "-at").distinct("kind")}
    rows = [(kind, periods.get(kind.key), latest.get(kind.key)) for kind in kinds()]
    return render(request, "operations/retention.html", {"rows": rows, "may_change": request.user.has_perm(CHANGE)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(CHANGE)
def period(request: HttpRequest, key: str) -> HttpResponse:
    try:
        kind = kind_of(key)
    except UnknownKindError:
        raise Http404 from None
    row = get_object_or_404(RetentionPeriod, pk=key)
    form = PeriodForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        retention.change_period(row, by=cast(User, request.user), **form.cleaned_data)
        messages.success(request, _("From the next night on, the new period counts."))
        return redirect("staff_retention")
    reports = RetentionReport.objects.filter(kind=key)[:10]
    return render(request, "operations/retention_period.html", {"kind": kind, "form": form, "reports": reports})
