"""Passkeys: adding, naming and removing them, and the three places where one is used."""

import json
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import second_factor, watch
from barnet.customers.views import NEXT_AFTER_SETUP


def as_data(options: dict[str, Any]) -> str:
    """What the script reads from `data-options`."""
    return json.dumps(options)


class AddPasskeyView(webauthn.AddWebAuthnView):
    """The passkey that was just made proves the second factor for this session. Staff go on to where they wanted."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wanted := request.GET.get("next"):
            request.session[NEXT_AFTER_SETUP] = wanted
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        options = auth.begin_registration(cast(User, self.request.user), passwordless=True)
        return {**found, "options": as_data(options)}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        made = Authenticator.objects.filter(
            user=cast(User, self.request.user), type=Authenticator.Type.WEBAUTHN
        ).latest("pk")
        post_authentication(self.request, made, reauthenticated=True)
        return response

    def get_success_url(self) -> str:
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        wanted = self.request.session.pop(NEXT_AFTER_SETUP, "")
        return wanted if wanted and account.get_adapter().is_safe_url(wanted) else reverse("mfa_list_webauthn")


class RenamePasskeyView(webauthn.EditWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        watch.record(SecurityEventKind.PASSKEY_RENAMED, request=self.request, user=cast(User, self.request.user))
        return super().form_valid(form)


class SignInByPasskeyView(webauthn.LoginWebAuthnView):
    """The script asks for a challenge by GET, and sends the passkey's answer by POST."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.accepts("text/html"):
            return JsonResponse(auth.begin_authentication(user=None))
        return HttpResponseRedirect(reverse("account_login"))

    def form_invalid(self, form: Any) -> HttpResponse:
        for sentence in form.non_field_errors():
            messages.error(self.request, sentence)
        return HttpResponseRedirect(self.passthrough("account_login"))

    def passthrough(self, name: str) -> str:
        wanted = self.request.POST.get("next", "")
        address = reverse(name)
        is_ours = bool(wanted) and account.get_adapter().is_safe_url(wanted)
        return f"{address}?{urlencode({'next': wanted})}" if is_ours else address


class SecondStepView(second_step.AuthenticateView):
    """A code of the app, a passkey, or a recovery code."""

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.trust_this_device = bool(form.cleaned_data.get("trust"))  # type: ignore[attr-defined]
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        user = self.stage.login.user
        return {
            **found,
            "has_app": second_factor.has_app(user),
            "has_passkey": second_factor.has_passkey(user),
            "options": as_data(found["js_data"]["request_options"]),
        }


class PasskeyAgainView(webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def form_valid(self, form: Any) -> HttpResponse:
        watch.record(SecurityEventKind.PROVED, request=self.request, user=cast(User, self.request.user))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super(webauthn.ReauthenticateWebAuthnView, self).get_context_data(**kwargs)
        options = auth.begin_authentication(cast(User, self.request.user))
        return {**found, "options": as_data(options)}
