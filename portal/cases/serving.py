"""A photo or a file of a request on its way out, to whoever came through a door."""

import structlog
from django.http import FileResponse, Http404

from barnet.kit.files.serving import file_response
from portal.cases.models import Attachment

log = structlog.get_logger("portal.cases")


def attachment_response(attachment: Attachment, *, is_saved: bool) -> FileResponse:
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        log.error("photo without its file", attachment=attachment.pk)
        raise Http404 from None
    return file_response(
        file,
        content_type=attachment.content_type,
        name=attachment.name,
        as_attachment=not attachment.is_photo or is_saved,
    )
