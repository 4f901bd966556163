"""The pages of signing in with a provider. Every refusal is recorded and said in plain words."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.middleware import BACK_OFFICE
from barnet.customers.models import User
from barnet.customers.permissions import resident_required
from barnet.customers.signing_in.sign_on import attempts, client, refusals, rules, sessions
from barnet.customers.signing_in.sign_on.client import Answer
from barnet.customers.signing_in.sign_on.configuration import STAFF, ProviderSettings
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

View = Callable[..., HttpResponse]
LIMIT = "120/m/ip"  # a whole office may share one address


def leads_to_providers(view: View) -> View:
    """A page with a button to a provider: Chromium holds the redirects after a form to the policy of its page."""

    @wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        if origins := [origin for provider in settings.SIGN_ON.values() for origin in provider.origins]:
            response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
        return response

    return allowed


@require_POST
@leads_to_providers
def start(request: HttpRequest, key: str) -> HttpResponse:
    if too_many := _too_many(request):
        return too_many
    return _leave_for(request, _provider(key), next_url=get_next_redirect_url(request) or "")


@require_POST
@resident_required
@leads_to_providers
def link(request: HttpRequest, key: str) -> HttpResponse:
    provider = _provider(key)
    if get_adapter(request).is_reauthentication_required(app="allauth.socialaccount"):
        return redirect_to_login(reverse("mfa_index"), resolve_url("account_reauthenticate"))
    return _leave_for(request, provider, linking=cast(User, request.user).pk)


@require_POST
@resident_required
def unlink(request: HttpRequest, key: str) -> HttpResponse:
    provider = _provider(key)
    if get_adapter(request).is_reauthentication_required(app="allauth.socialaccount"):
        return redirect_to_login(reverse("mfa_index"), resolve_url("account_reauthenticate"))
    if rules.unlink(cast(User, request.user), provider):
        messages.success(request, _("%(provider)s no longer opens this account.") % {"provider": provider.name})
    return redirect("mfa_index")


@require_safe
@leads_to_providers
def come_back(request: HttpRequest, key: str) -> HttpResponse:
    if too_many := _too_many(request):
        return too_many
    provider = _provider(key)
    try:
        attempt = attempts.take(request, provider.key, request.GET.get("state", ""))
        answer = client.answer(request, provider, attempt, return_to=_return_address(request, provider))
        if attempt.linking is not None:
            return _linked(request, provider, attempt, answer)
        return _signed_in(request, provider, attempt, answer)
    except SignOnRefusedError as refusal:
        return _refused(request, provider, refusal)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """After signing out here: people who came from a provider are still signed in there."""
    return render(request, "customers/sign_on_signed_out.html", {"ended": sessions.goodbye(request)})


def _too_many(request: HttpRequest) -> HttpResponse | None:
    limits = {"sign_on": LIMIT}
    return ratelimit.consume_or_429(request, app="customers", action="sign_on", config=limits, limit_get=True)


def _provider(key: str) -> ProviderSettings:
    if key not in settings.SIGN_ON:
        raise Http404
    provider: ProviderSettings = settings.SIGN_ON[key]
    return provider


def _return_address(request: HttpRequest, provider: ProviderSettings) -> str:
    return request.build_absolute_uri(reverse("sign_on_return", args=[provider.key]))


def _leave_for(
    request: HttpRequest, provider: ProviderSettings, *, next_url: str = "", linking: int | None = None
) -> HttpResponse:
    state, attempt = attempts.begin(request, provider.key, next_url=next_url, linking=linking)
    try:
        return redirect(client.address(provider, attempt, state=state, return_to=_return_address(request, provider)))
    except SignOnRefusedError as refusal:
        return _refused(request, provider, refusal)


def _signed_in(
    request: HttpRequest, provider: ProviderSettings, attempt: attempts.Attempt, answer: Answer
) -> HttpResponse:
    user = rules.login_for(provider, answer.identity)
    vouched = answer.identity.has_second_step
    if vouched:
        request.second_step_vouched_for = user.pk  # type: ignore[attr-defined]
    record_authentication(request, user, "socialaccount", provider=provider.key, second_step=vouched)
    response = perform_login(
        request,
        user,
        email_verification=app_settings.EMAIL_VERIFICATION,
        redirect_url=attempt.next_url or (BACK_OFFICE if provider.key == STAFF else None),
    )
    sessions.opened_with(request, provider.name, _sign_out_address(request, provider, answer))
    return response


def _linked(
    request: HttpRequest, provider: ProviderSettings, attempt: attempts.Attempt, answer: Answer
) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or user.pk != attempt.linking:
        raise SignOnRefusedError(Reason.STATE, "another person is signed in by now")
    rules.link(user, provider, answer.identity)
    messages.success(request, _("You can sign in with %(provider)s from now on.") % {"provider": provider.name})
    return redirect("mfa_index")


def _sign_out_address(request: HttpRequest, provider: ProviderSettings, answer: Answer) -> str:
    return client.sign_out_address(
        provider, answer.id_token, return_to=request.build_absolute_uri(reverse("sign_on_signed_out"))
    )


def _refused(request: HttpRequest, provider: ProviderSettings, refusal: SignOnRefusedError) -> HttpResponse:
    refusals.record(request, refusal, provider)
    context = {
        "provider": provider,
        "words": refusals.words(refusal, provider),
        "may_try_again": refusal.reason not in {Reason.TAKEN, Reason.CLOSED, Reason.KEPT_APART, Reason.NO_ROLE},
    }
    status = 503 if refusal.reason == Reason.DOWN else 403
    return render(request, "customers/sign_on_refused.html", context, status=status)
