"""Somebody invited me: the invitation, by its e-mail or by the code of a letter, and my answer."""

from typing import Any

import structlog
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers import selectors
from barnet.customers.acting_for import delegating, inviting, refusing
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.enums import SecurityEventKind
from barnet.customers.signing_in import watch
from portal.myaccount.access import own_account, person
from portal.myaccount.people.doors import recorded
from portal.myaccount.people.forms import CodeForm

BY_CODE = "invitation_by_code"  # in the session: the invitation whose code it typed
RATES = {"invitation_code": "5/15m/user,30/h/ip"}

log = structlog.get_logger("portal.myaccount")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@own_account
def code(request: HttpRequest) -> HttpResponse:
    user, party, _customer = person(request)
    if party.is_delegated:
        return redirect("account_people")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not ratelimit.consume(
        request, app="portal.myaccount", action="invitation_code", config=RATES, user=user
    ):
        log.warning("invitation_code_limited", user_id=user.pk)
        return ratelimit.respond_429(request)
    if form.is_valid():
        found = inviting.find_by_code(form.cleaned_data["code"], form.cleaned_data["postcode"])
        if found:
            request.session[BY_CODE] = str(found.pk)
            return redirect("account_invitation", found.pk)
        log.warning("invitation_code_refused", user_id=user.pk)
        watch.record(SecurityEventKind.INVITATION_CODE_REFUSED, request=request, user=user)
        form.add_error(None, _("We know no such code with this postcode. Check both, letter by letter."))
    return render(request, "myaccount/people/code.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@own_account
@recorded("invitation")
def invitation(request: HttpRequest, pk: Any) -> HttpResponse:
    """Whoever made it sees where it stands; whoever it is for answers it."""
    user, party, _customer = person(request)
    by_code = request.session.get(BY_CODE)
    found, may_answer = selectors.invitation_for(user, pk, by_code=by_code)
    if party.is_delegated and may_answer:
        messages.info(request, _("You act for somebody else. Act for yourself again to answer an invitation."))
        return redirect("account_people")
    refused = ""
    if request.method == "POST" and may_answer and request.POST.get("answer") in {"accept", "decline"}:
        try:
            return _answered(request, found, with_code=by_code == str(found.pk))
        except AuthorityRefusedError as refusal:
            refused = str(refusal)
            log.warning("invitation_refused", user_id=user.pk, invitation=str(found.pk))
            refusing.authority_refused(request, user, f"invitation {found.pk}")
    found.refresh_from_db()
    context = {
        "invitation": found,
        "may_answer": may_answer,
        "refused": refused,
        "scope": delegating.scope_of(found.covers_everything, list(found.services.all())),
    }
    return render(request, "myaccount/people/invitation.html", context, status=409 if refused else 200)


def _answered(request: HttpRequest, found: Any, *, with_code: bool) -> HttpResponse:
    user, _party, _customer = person(request)
    if request.POST["answer"] == "decline":
        inviting.decline(found, by=user, with_code=with_code)
        messages.success(request, _("You declined. Nothing changes, and we have told them."))
    else:
        inviting.accept(found, by=user, with_code=with_code)
        messages.success(request, _("You may now act for %(name)s.") % {"name": found.principal})
    request.session.pop(BY_CODE, None)
    return redirect("account_people")
