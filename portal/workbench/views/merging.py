"""Two records of one customer become one: looked at first, and undone if it was wrong."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnet.customers.merging.filling import fillings
from barnet.customers.merging.services import MergeRefusedError, merge_customers, preview_merge, undo_merge
from barnet.customers.models import Customer, CustomerMerge
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff, search_customers
from barnet.customers.services import record_access
from portal.workbench.forms.customers import FindForm, MergeForm
from portal.workbench.views.common import staff_of

VIEW, MERGE = "customers.view_customer", "customers.merge_customer"
PURPOSE = "two records of one person"
LARGEST = 10**15


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, MERGE)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """First which other record, then what would happen, then it happens."""
    user = staff_of(request)
    kept = customer_for_staff(user, pk, purpose=PURPOSE)
    other = _other(request)
    if other is None:
        return _choose(request, kept)
    form = MergeForm(request.POST if request.method == "POST" else None)
    try:
        lines = preview_merge(kept, other)
        if form.is_valid():
            merge_customers(kept, other, by=user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The two records are one now. It can be undone below."))
            return redirect("staff_customer", kept.pk)
    except MergeRefusedError as refusal:
        return _choose(request, kept, refusal=str(refusal))
    context = {
        "kept": kept,
        "merged": other,
        "lines": lines,
        "fillings": fillings(kept, other),
        "form": form,
        "rows": _side_by_side(kept, other),
    }
    return render(request, "workbench/merge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, MERGE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    merge = get_object_or_404(CustomerMerge.objects.select_related("merged"), pk=min(pk, LARGEST), undone_at=None)
    kept = customer_for_staff(user, merge.kept_id, purpose=PURPOSE)
    if request.method != "POST":
        return render(request, "workbench/merge_undo.html", {"merge": merge, "kept": kept})
    try:
        undo_merge(merge, by=user)
    except MergeRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("staff_customer", kept.pk)
    messages.success(request, _("There are two records again."))
    return redirect("staff_customer", merge.merged_id)


def _other(request: HttpRequest) -> Customer | None:
    chosen = request.GET.get("other", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        return None
    return customer_for_staff(staff_of(request), int(chosen), purpose=PURPOSE)


def _choose(request: HttpRequest, kept: Customer, *, refusal: str = "") -> HttpResponse:
    """Whoever has the same name is offered before anything is searched."""
    form = FindForm(request.GET if "q" in request.GET else None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else kept.name
    found = [customer for customer in search_customers(text) if customer.pk != kept.pk]
    record_access(actor=staff_of(request), customer=None, what="search of customers", purpose=PURPOSE)
    context = {"kept": kept, "form": form, "found": found, "refusal": refusal}
    return render(request, "workbench/merge_choose.html", context)


def _side_by_side(kept: Customer, other: Customer) -> list[list[Any]]:
    def place(customer: Customer) -> str:
        return customer.address.one_line if customer.address else customer.address_text

    rows = [
        (_("Name"), kept.name, other.name),
        (_("E-mail"), kept.email, other.email),
        (_("Telephone"), kept.phone, other.phone),
        (_("Address"), place(kept), place(other)),
    ]
    return [[label, mine or _("Not given"), theirs or _("Not given")] for label, mine, theirs in rows]
