"""Files in an S3-compatible storage, without any address of the storage ever leaving the house.

Both storages are folders of one private bucket. Neither gives out links: a signed link opens a file for whoever has it.
Pictures of the website have their address below `MEDIA_URL`, where the portal streams them; what residents send has no
address at all, and is served by the door of its app.
"""

import mimetypes

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join
from django.utils.encoding import filepath_to_uri
from django.views.decorators.http import require_safe
from storages.backends.s3 import S3Storage


class MediaS3Storage(S3Storage):
    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)


class PrivateS3Storage(S3Storage):
    def url(self, name: str, *args: object, **kwargs: object) -> str:
        raise ValueError("This file is not accessible via a URL.")


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """A picture of the website, wherever it is kept. Anything that is no name of a file is not found."""
    try:
        safe_join("/media", path)
        if not path or path.endswith("/") or not default_storage.exists(path):
            raise Http404
        file = default_storage.open(path)
    except (OSError, ValueError):  # outside the storage, a folder, or gone since
        raise Http404 from None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600"
    return response
