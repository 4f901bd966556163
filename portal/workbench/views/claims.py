"""A new code that joins a request to an account, for who lost theirs."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.permissions import staff_required
from portal.cases.claim_views import slip_page
from portal.cases.selectors import case_for_staff
from portal.workbench.views.common import VIEW_CASES, staff_of
from portal.workbench.views.customers import SERVE


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW_CASES, SERVE)
@never_cache
def claim_code(request: HttpRequest, reference: str) -> HttpResponse:
    user = staff_of(request)
    return slip_page(request, case_for_staff(user, reference, purpose="claim code"), Actor.staff(user))
