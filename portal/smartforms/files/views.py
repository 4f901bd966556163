"""A file through the door of its draft: only who may go on with the draft may read it."""

import uuid

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.kit.files import serving
from portal.smartforms.models import FormFile
from portal.smartforms.running import door

log = structlog.get_logger("portal.smartforms")


def document_page(row: FormFile, *, for_staff: bool) -> HttpResponse:
    """A document that was seen has a door of its own: who reads it says why, and the fingerprint is looked at."""
    return redirect("staff_document" if for_staff else "account_document", row.document_id)


@require_safe
@never_cache
def draft_file(request: HttpRequest, file_id: uuid.UUID) -> FileResponse:
    row = get_object_or_404(
        FormFile.objects.select_related("draft__form"), pk=file_id, draft__isnull=False, document=None
    )
    assert row.draft is not None
    door.draft_for(request, row.draft.form.slug, row.draft.pk)
    return file_response(row)


def file_response(row: FormFile) -> FileResponse:
    """To be saved, never shown in the page of the portal. Whoever calls has asked whether this visitor may read it."""
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        log.error("answer without its file", file=str(row.pk))
        raise Http404 from None
    return serving.file_response(file, content_type=row.content_type, name=row.name)
