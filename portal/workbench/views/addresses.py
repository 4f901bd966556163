"""Addresses as staff see them: with what became of them, planned and ended ones too; and what people typed instead."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.permissions import staff_required
from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.models import Address, ReportedAddress
from barnet.gazetteer.selectors import areas_at, block_of, find_for_staff, flats_of, successors_of
from barnet.gazetteer.services import AlreadyDecidedError, settle_report
from barnet.kit.wording import day
from portal.workbench.forms.addresses import DecisionForm, FindAddressForm
from portal.workbench.paging import PAGE_SIZE
from portal.workbench.views.common import staff_of

VIEW, SEE_REPORTS, DECIDE = (
    "gazetteer.view_address",
    "gazetteer.view_reportedaddress",
    "gazetteer.change_reportedaddress",
)
FOUND_AT_MOST = 50
CHANGES_AT_MOST = 100
LARGEST_UPRN = 999_999_999_999


@require_safe
@staff_required(VIEW)
def find(request: HttpRequest) -> HttpResponse:
    form = FindAddressForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    context = {
        "form": form,
        "text": text,
        "found": find_for_staff(text, limit=FOUND_AT_MOST) if text else [],
        "waiting": ReportedAddress.objects.filter(state=ReportState.NEW).count(),
        "sees_reports": request.user.has_perm(SEE_REPORTS),
    }
    return render(request, "workbench/addresses.html", context)


@require_safe
@staff_required(VIEW)
def address_page(request: HttpRequest, uprn: int) -> HttpResponse:
    if uprn > LARGEST_UPRN:
        raise Http404
    address = get_object_or_404(Address, pk=uprn)
    context = {
        "address": address,
        "rows": _rows(address),
        "names": address.names.all(),
        "changes": address.changes.all()[:CHANGES_AT_MOST],
        "flats": flats_of(address),
    }
    return render(request, "workbench/address.html", context)


@require_safe
@staff_required(VIEW, SEE_REPORTS)
def reported(request: HttpRequest) -> HttpResponse:
    reports = ReportedAddress.objects.filter(state=ReportState.NEW).select_related("nearest")
    page = Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "workbench/reported_addresses.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(ReportedAddress.objects.select_related("nearest", "address"), pk=min(pk, 2**62))
    initial = {"uprn": report.nearest.pk if report.nearest else ""}
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=initial)
    if not (form.is_bound and form.is_valid()):
        return render(request, "workbench/reported_address.html", {"report": report, "form": form})
    said = form.cleaned_data
    try:
        rows = settle_report(
            report.pk,
            state=ReportState(said["decision"]),
            address=said["address"],
            reason=said["reason"],
            by=staff_of(request).email,
        )
    except AlreadyDecidedError:
        messages.warning(request, _("Somebody has decided about this address already."))
        return redirect("staff_reported_address", report.pk)
    taken = ngettext("%(rows)d record has the address now.", "%(rows)d records have the address now.", rows)
    messages.success(request, _("Decided.") + " " + taken % {"rows": rows})
    return redirect("staff_reported_addresses")


def _rows(address: Address) -> list[tuple[str, object]]:
    block, today = block_of(address), timezone.localdate()
    return [
        (_("State"), _state(address)),
        (_("UPRN (unique property reference number)"), address.pk),
        (_("USRN (unique street reference number)"), address.usrn or "–"),
        (_("Use"), address.classification or "–"),
        *([(_("In the building"), block.one_line)] if block else []),
        *((area.get_kind_display(), area.name) for area in areas_at(address.location, today)),
        *((_("Replaced by"), successor.one_line) for successor in successors_of(address)),
        (_("Easting and northing"), f"{address.location.x:.0f}, {address.location.y:.0f}"),
    ]


def _state(address: Address) -> str:
    if address.retired_on:
        return _("Ended on %(day)s") % {"day": day(address.retired_on)}
    if address.is_provisional:
        return _("Provisional: planned or being built, and not offered to residents")
    return _("In use") if address.is_postal else _("In use, but no postal address: not offered to residents")
