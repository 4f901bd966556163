"""The content security policy of the authoring screens."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

# Only these screens of Wagtail are let off, each for what it cannot do without; all others, and every page of ours,
# stay strict. Date pickers and rows that can be added need nothing: `wagtailadmin/widgets/`, `wagtailadmin/panels/` and
# pickers.js start them without inline scripts. What a snippet points to is chosen by a Select: Wagtail's own chooser
# begins by an inline script, too.
STYLES = {"style-src": [SELF, UNSAFE_INLINE]}  # the rich text editor and the comments set styles as they go
SCRIPTS = {"script-src": [SELF, UNSAFE_INLINE]}  # a page chooser outside of the editor starts by an inline script
RELAXED_VIEWS = {
    "wagtailadmin_pages:add": STYLES,
    "wagtailadmin_pages:edit": STYLES,
    "wagtailadmin_pages:revisions_revert": STYLES,
    "wagtailadmin_pages:copy": SCRIPTS,
    "wagtailadmin_pages:choose_parent": SCRIPTS,
    "wagtailadmin_workflows:add": SCRIPTS,
    "wagtailadmin_workflows:edit": SCRIPTS,
    "wagtailsites:add": SCRIPTS,
    "wagtailsites:edit": SCRIPTS,
    "wagtail_bulk_action": SCRIPTS,
}


class AuthoringPolicyMiddleware:
    """Lets a few named views of Wagtail do what its editor needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        relaxed = RELAXED_VIEWS.get(request.resolver_match.view_name) if request.resolver_match else None
        if relaxed:
            response._csp_replace = relaxed  # type: ignore[attr-defined]
        return response
