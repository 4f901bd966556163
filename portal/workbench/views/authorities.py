"""Who may act for a customer: recorded for somebody who cannot, prolonged, ended with a reason; and its evidence."""

import structlog
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.acting_for import delegating
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.enums import AuthorityKind, EndedBy
from barnet.customers.models import Delegation, EvidenceDocument
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff
from barnet.customers.services import record_access
from portal.workbench.forms.authorities import EndAuthorityForm, RecordAuthorityForm, RenewAuthorityForm
from portal.workbench.views.common import staff_of

VIEW = ("customers.view_customer", "customers.view_delegation")
ADD, CHANGE = "customers.add_delegation", "customers.change_delegation"
PURPOSE = "authority to act"

log = structlog.get_logger("portal.workbench")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*VIEW, ADD)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    customer = customer_for_staff(user, pk, purpose=PURPOSE)
    is_sent = request.method == "POST"
    form = RecordAuthorityForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid() and form.delegate:
        answers = form.cleaned_data
        try:
            made = delegating.record_authority(
                principal=customer,
                delegate=form.delegate,
                kind=AuthorityKind(answers["kind"]),
                services=form.chosen,
                evidence=answers["evidence"],
                reason=answers["reason"],
                by=user,
                starts_on=answers["starts_on"],
                ends_on=answers["ends_on"],
                born_on=answers["born_on"],
                died_on=answers["died_on"],
                document=answers["document"],
            )
        except AuthorityRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is recorded. We have told both sides."))
            return redirect("staff_authority", made.pk)
    return render(request, "workbench/authority_new.html", {"form": form, "customer": customer})


@require_safe
@staff_required(*VIEW)
def authority(request: HttpRequest, pk: int) -> HttpResponse:
    found = _authority(request, pk)
    context = _about(found) | {
        "documents": found.documents.select_related("added_by"),
        "may_change": staff_of(request).has_perm(CHANGE),
    }
    return render(request, "workbench/authority.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*VIEW, CHANGE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _authority(request, pk)
    form = EndAuthorityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            ended = delegating.end_authority(found, by=staff_of(request), side=EndedBy.STAFF, reason=reason)
        except AuthorityRefusedError as refusal:
            form.add_error("reason", str(refusal))
        else:
            told = _("It ended now. We have told both sides.") if ended else _("It had ended before.")
            messages.success(request, told)
            return redirect("staff_authority", found.pk)
    return render(request, "workbench/authority_end.html", _about(found) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*VIEW, CHANGE)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    found = _authority(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = RenewAuthorityForm(posted, initial={"ends_on": found.ends_on})
    if form.is_valid():
        try:
            delegating.renew_authority(found, ends_on=form.cleaned_data["ends_on"])
        except AuthorityRefusedError as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, _("The last day is saved. We have told both sides."))
            return redirect("staff_authority", found.pk)
    return render(request, "workbench/authority_renew.html", _about(found) | {"form": form})


@require_safe
@never_cache
@staff_required(*VIEW)
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The paper, for staff only; the reading is recorded."""
    document = EvidenceDocument.objects.select_related("delegation__principal").filter(pk=pk).first()
    if document is None:
        raise Http404
    principal = document.delegation.principal
    record_access(actor=staff_of(request), customer=principal, what=f"evidence {document.pk}", purpose=PURPOSE)
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        log.error("evidence without its file", document=document.pk)
        raise Http404 from None
    response = FileResponse(file, content_type=document.content_type, filename=document.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _authority(request: HttpRequest, pk: int) -> Delegation:
    """The reading is recorded for the person whose authority it is."""
    rows = Delegation.objects.select_related("principal", "delegate", "recorded_by", "revoked_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    record_access(actor=staff_of(request), customer=found.principal, what=f"authority {found.pk}", purpose=PURPOSE)
    return found


def _about(found: Delegation) -> dict[str, object]:
    return {
        "authority": found,
        "scope": delegating.scope_of(found.covers_everything, list(found.services.all())) or _("No service"),
        "is_over": found.is_over(timezone.localdate()),
    }
