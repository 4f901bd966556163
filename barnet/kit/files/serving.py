"""A private file on its way out, after its app has asked whether this visitor may read it."""

from typing import IO, Any

from django.core.files.base import File
from django.http import FileResponse


def file_response(file: File | IO[Any], *, content_type: str, name: str, as_attachment: bool = True) -> FileResponse:
    """To be saved, never guessed as another type, never kept by a proxy. What is shown in the browser runs nothing."""
    response = FileResponse(file, content_type=content_type, as_attachment=as_attachment, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
