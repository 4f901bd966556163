import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.selectors import attachment_for
from portal.cases.services import follower_of, stop_following

log = structlog.get_logger("portal.cases")


@require_safe
@never_cache
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo through the door: never guessed as another type, never kept by a browser or a proxy."""
    attachment = attachment_for(request.user, pk)
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        log.error("photo without its file", attachment=attachment.pk)
        raise Http404 from None
    response = FileResponse(
        file,
        content_type=attachment.content_type,
        as_attachment=request.GET.get("download") == "1",
        filename=attachment.name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow_end(request: HttpRequest, token: str) -> HttpResponse:
    """A button, not the mere visit: programs that look at links before people do end nothing."""
    follower = follower_of(token)
    if follower and request.method == "POST":
        stop_following(follower)
        follower = None
    return render(request, "cases/follow_end.html", {"follower": follower})
