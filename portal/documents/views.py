"""/staff/documents/: the desk, one document, and the documents of a request."""

from collections.abc import Iterable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import customer_for_staff
from barnet.kit.files.serving import file_response
from portal.cases.selectors import case_for_staff
from portal.documents import opening
from portal.documents.errors import ChangedDocumentError, NotProofError
from portal.documents.forms import CertifyForm, PurposeForm, RelyForm, WithdrawForm
from portal.documents.models import Document
from portal.documents.selectors import (
    CERTIFY,
    VIEW,
    document_for_staff,
    documents_of,
    last_place_of,
    may_read,
    open_requests_relying_on,
    relied_on,
    valid_documents,
)
from portal.documents.services import certify, open_scan, rely_on, withdraw

CUSTOMER, CASE, WORK = "customers.view_customer", "cases.view_case", "cases.work_case"
_PURPOSE = "documents that we have seen"
_READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@staff_required(CUSTOMER, VIEW)
def customer_documents(request: HttpRequest, pk: int) -> HttpResponse:
    user = _staff(request)
    customer = customer_for_staff(user, pk, purpose=_PURPOSE)
    if customer.pk != pk:
        return redirect("staff_documents", customer.pk)
    context = {"customer": customer, "rows": _with_state(documents_of(customer)), "may_certify": user.has_perm(CERTIFY)}
    return render(request, "documents/customer.html", context)


@_READ_AND_WRITE
@never_cache
@staff_required(CUSTOMER, VIEW, CERTIFY)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    user = _staff(request)
    customer = customer_for_staff(user, pk, purpose=_PURPOSE)
    if customer.pk != pk:
        return redirect("staff_document_add", customer.pk)
    is_sent = request.method == "POST"
    form = CertifyForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        request=request,
        initial={"place": last_place_of(user)},
    )
    if form.is_valid():
        answers = form.cleaned_data
        try:
            document = certify(
                customer,
                kind=answers["kind"],
                scan=form.file,
                dated_on=answers["dated_on"],
                expires_on=answers["expires_on"],
                place=answers["place"],
                by=user,
                submission_key=answers["submission_key"],
            )
        except NotProofError as refusal:
            form.add_error("dated_on" if not answers["expires_on"] else "expires_on", str(refusal))
        else:
            messages.success(request, _("It is certified. Services can use it from now on."))
            return redirect("staff_document", document.pk)
    return render(request, "documents/add.html", {"form": form, "customer": customer})


@_READ_AND_WRITE
@never_cache
@staff_required(VIEW)
def document_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = _staff(request)
    document = document_for_staff(user, pk, purpose=_PURPOSE)
    is_asking = request.method == "POST" and "shut" not in request.POST
    form = PurposeForm(request.POST if is_asking else None)
    if request.method == "POST" and not is_asking:
        opening.shut(request, document)
        return redirect("staff_document", pk)
    if is_asking and not may_read(user, document):
        raise PermissionDenied
    if is_asking and form.is_valid():
        opening.open_for(request, document, purpose=form.cleaned_data["purpose"])
        return redirect("staff_document", pk)
    return _document_page(request, document, form)


def _document_page(request: HttpRequest, document: Document, form: PurposeForm, *, status: int = 200) -> HttpResponse:
    user = _staff(request)
    context = {
        "document": document,
        "form": form,
        "why_not": document.why_not(timezone.localdate()),
        "open_until": opening.open_until(request, document) if document.file and not document.changed_at else None,
        "may_read": may_read(user, document) and document.file and not document.changed_at,
        "may_withdraw": user.has_perm(CERTIFY) and not document.withdrawn_at,
        "sees_customer": user.has_perm(CUSTOMER),
        "sees_cases": user.has_perm(CASE),
        "reliances": list(document.reliances.select_related("case", "by")),
    }
    return render(request, "documents/document.html", context, status=status)


@require_safe
@never_cache
@staff_required(VIEW)
def scan(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """A photo may be shown in the page; a PDF is saved."""
    user = _staff(request)
    document = Document.objects.select_related("kind", "certified_by", "customer").filter(pk=pk).first()
    if document is None or not document.file:
        raise Http404
    if not may_read(user, document) or not opening.open_until(request, document):
        raise PermissionDenied
    opening.record_reading(request, document)
    try:
        content = open_scan(document)
    except ChangedDocumentError:
        document.refresh_from_db()
        return _document_page(request, document, PurposeForm(), status=409)
    extension = document.content_type.rpartition("/")[2]
    return file_response(
        content,
        content_type=document.content_type,
        name=f"document-{document.pk}.{extension}",
        as_attachment=not document.is_image or request.GET.get("download") == "1",
    )


@_READ_AND_WRITE
@never_cache
@staff_required(VIEW, CERTIFY)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = _staff(request)
    document = document_for_staff(user, pk, purpose=_PURPOSE)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw(document, by=user, because=form.cleaned_data["because"])
        messages.success(request, _("It is withdrawn. No service offers it any more."))
        return redirect("staff_document", pk)
    context = {"document": document, "form": form, "relying": open_requests_relying_on(document)}
    return render(request, "documents/withdraw.html", context)


@_READ_AND_WRITE
@never_cache
@staff_required(CASE, VIEW)
def case_documents(request: HttpRequest, reference: str) -> HttpResponse:
    """What this request relies on, and what of its customer could be used instead of asking again."""
    user = _staff(request)
    case = case_for_staff(user, reference, purpose=_PURPOSE)
    offered = valid_documents(case.customer) if case.customer else Document.objects.none()
    may_work = user.has_perm(WORK) and case.is_open
    form = RelyForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and not may_work:
        raise PermissionDenied
    if form.is_valid():
        try:
            rely_on(form.cleaned_data["document"], case, by=user)
        except NotProofError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The request relies on it now."))
            return redirect("staff_case_documents", case.reference)
    reliances = relied_on(case)
    used = {reliance.document_id for reliance in reliances}
    context = {
        "case": case,
        "form": form,
        "reliances": reliances,
        "offered": [document for document in offered if document.pk not in used],
        "may_work": may_work,
        "sees_customer": user.has_perm(CUSTOMER),
    }
    return render(request, "documents/case.html", context)


def _with_state(documents: Iterable[Document]) -> list[tuple[Document, str]]:
    today = timezone.localdate()
    return [(document, document.why_not(today)) for document in documents]


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)
