"""A request that was made without an account, and the code on its slip: it becomes mine."""

import structlog
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.enums import SecurityEventKind
from barnet.customers.signing_in import watch
from portal.cases.services import claim_case
from portal.myaccount.access import own_account, person
from portal.myaccount.forms import ClaimForm

RATES = {"claim_code": "5/15m/user,30/h/ip"}

log = structlog.get_logger("portal.myaccount")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@own_account
def claim(request: HttpRequest) -> HttpResponse:
    """One sentence for every refusal: it says nothing of what we hold."""
    user, party, _customer = person(request)
    if party.is_delegated:
        messages.info(request, _("You act for somebody else. Act for yourself again to join a request."))
        return redirect("account_requests")
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not ratelimit.consume(
        request, app="portal.myaccount", action="claim_code", config=RATES, user=user
    ):
        log.warning("claim_code_limited", user_id=user.pk)
        return ratelimit.respond_429(request)
    if form.is_valid():
        case = claim_case(user, reference=form.cleaned_data["reference"], code=form.cleaned_data["code"])
        if case:
            messages.success(request, _("The request is in your account now."))
            return redirect(case)
        log.warning("claim_code_refused", user_id=user.pk)
        watch.record(SecurityEventKind.CLAIM_CODE_REFUSED, request=request, user=user)
        form.add_error(
            None,
            _(
                "This reference and code do not join a request. Check both, sign by sign. If they are right, the code "
                "was used, replaced or is too old: ask for a new one."
            ),
        )
    return render(request, "myaccount/claim.html", {"form": form})
