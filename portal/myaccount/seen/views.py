"""Documents that we have seen. Theirs alone: whoever acts for somebody does not see them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.selectors import readings_of
from barnet.kit.files.serving import file_response
from portal.documents.errors import ChangedDocumentError, StillReliedOnError
from portal.documents.selectors import documents_of, open_requests_relying_on, own_document
from portal.documents.services import open_scan, remove
from portal.myaccount.access import person, theirs_alone
from portal.myaccount.held.telling import reading_in_words

READINGS_SHOWN = 20


@require_safe
@never_cache
@theirs_alone
def document_list(request: HttpRequest) -> HttpResponse:
    _user, _party, customer = person(request)
    today = timezone.localdate()
    rows = [(document, document.why_not(today)) for document in documents_of(customer)]
    return render(request, "myaccount/seen/documents.html", {"rows": rows})


@require_safe
@never_cache
@theirs_alone
def document(request: HttpRequest, pk: int) -> HttpResponse:
    _user, _party, customer = person(request)
    found = own_document(customer, pk)
    readings = readings_of(customer).filter(what__in=[f"document {pk}", f"scan of document {pk}"])
    context = {
        "document": found,
        "why_not": found.why_not(timezone.localdate()),
        "relying": open_requests_relying_on(found),
        "readings": [reading_in_words(record) for record in readings[:READINGS_SHOWN]],
    }
    return render(request, "myaccount/seen/document.html", context)


@require_safe
@never_cache
@theirs_alone
def scan(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    _user, _party, customer = person(request)
    found = own_document(customer, pk)
    if not found.file:
        raise Http404
    try:
        content = open_scan(found)
    except ChangedDocumentError:
        sentence = _("The file is not what we certified, so we do not open it. We look into it. Show us the original.")
        messages.error(request, sentence)
        return redirect("account_document", pk)
    extension = found.content_type.rpartition("/")[2]
    return file_response(content, content_type=found.content_type, name=f"document-{pk}.{extension}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@theirs_alone
def remove_page(request: HttpRequest, pk: int) -> HttpResponse:
    user, _party, customer = person(request)
    found = own_document(customer, pk)
    if request.method == "POST":
        try:
            remove(found, by=user)
        except StillReliedOnError as refusal:
            messages.error(request, str(refusal))
            return redirect("account_document", pk)
        messages.success(request, _("It is removed. We have erased the file."))
        return redirect("account_documents")
    context = {"document": found, "relying": open_requests_relying_on(found)}
    return render(request, "myaccount/seen/remove.html", context)
