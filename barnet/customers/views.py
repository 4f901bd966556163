"""Signing in with allauth's views, in our words; and the choice of whom to act for."""

from typing import Any, cast
from urllib.parse import quote

from allauth.account import views as account
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from barnet.customers import selectors, services
from barnet.customers.acting_for import refusing, serving
from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.permissions import resident_required
from barnet.customers.signing_in import watch
from barnet.customers.signing_in.forms import ActingForForm, ConfirmLoginCodeForm

NEXT_AFTER_SETUP = "second_factor_next"


class ConfirmLoginCodeView(account.ConfirmLoginCodeView):
    def form_valid(self, form: Any) -> HttpResponse:
        user = self.stage.login.user
        if user and isinstance(form, ConfirmLoginCodeForm):
            services.forget_unproved_password(user)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Recorded for nobody when the address has no account: the same work either way."""
        watch.record(SecurityEventKind.CODE_REFUSED, request=self.request, user=self.stage.login.user)
        return super().form_invalid(form)


class VerifyEmailView(account.ConfirmEmailVerificationCodeView):
    def form_invalid(self, form: Any) -> HttpResponse:
        watch.record(SecurityEventKind.CODE_REFUSED, request=self.request, user=self._process.user)
        return super().form_invalid(form)


class ActivateTOTPView(totp.ActivateTOTPView):
    """The code that ends the set-up proves the second factor for this session. Staff go on to where they wanted."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wanted := request.GET.get("next"):
            request.session[NEXT_AFTER_SETUP] = wanted
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        made = Authenticator.objects.get(user=cast(User, self.request.user), type=Authenticator.Type.TOTP)
        post_authentication(self.request, made, reauthenticated=True)
        return response


class RecoveryCodesView(recovery.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        codes = found["unused_codes"] if found["can_view_codes"] else []
        text = _("Recovery codes. Each works once.") + "\n\n" + "\n".join(codes) + "\n"
        wanted = self.request.session.pop(NEXT_AFTER_SETUP, "")
        adapter = account.get_adapter()
        return {
            **found,
            "download": f"data:text/plain;charset=utf-8,{quote(text)}",
            "go_on": wanted if wanted and adapter.is_safe_url(wanted) else resolve_url("mfa_index"),
        }


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def acting_for(request: HttpRequest) -> HttpResponse:
    """Who may act for others chooses here for whom, until they stop or sign out."""
    user = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    form = ActingForForm(posted, principals=selectors.principals_of(user))
    if form.is_valid():
        serving.start_acting_for(request, form.cleaned_data["principal"])
        return redirect("account_home")
    if form.has_error("principal", "invalid_choice"):
        refusing.authority_refused(request, user, f"customer {request.POST['principal'][:20]}")
    authorities = (
        selectors.delegations_of(user)
        .select_related("principal")
        .prefetch_related("services")
        .order_by("principal__name", "pk")
    )
    return render(request, "customers/acting_for.html", {"form": form, "authorities": list(authorities)})


@require_POST
def stop_acting_for(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        serving.stop_acting_for(request)
        messages.success(request, _("You act for yourself again."))
    return redirect("account_home")


# --- The Wagtail admin's own doors, led to ours ---


def content_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect("wagtailadmin_home" if request.user.is_authenticated else "account_login")


def content_sign_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if request.user.is_authenticated:
            account.get_adapter().logout(request)
        return redirect("/")
    return redirect("account_logout")


def content_reset(request: HttpRequest, path: str = "") -> HttpResponse:
    return redirect("account_reset_password")
