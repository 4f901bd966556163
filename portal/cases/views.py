from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.selectors import attachment_for
from portal.cases.services import follower_of, stop_following
from portal.cases.serving import attachment_response


@require_safe
@never_cache
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo or a file through the door: never guessed as another type, never kept by a browser or proxy. Only photos
    are shown in a page."""
    attachment = attachment_for(request.user, pk)
    return attachment_response(attachment, is_saved=request.GET.get("download") == "1")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow_end(request: HttpRequest, token: str) -> HttpResponse:
    """A button, not the mere visit: programs that look at links before people do end nothing."""
    follower = follower_of(token)
    if follower and request.method == "POST":
        stop_following(follower)
        follower = None
    return render(request, "cases/follow_end.html", {"follower": follower})
