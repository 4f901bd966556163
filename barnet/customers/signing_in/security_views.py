"""Sign-in and security: what somebody has, where they are signed in, what happened lately, and proving who they are."""

from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from barnet.customers import selectors
from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.permissions import resident_required
from barnet.customers.signing_in import devices, recovery_codes, sessions, watch
from barnet.customers.signing_in.forms import ConfirmLoginCodeForm
from barnet.customers.signing_in.proof_by_code import ProofByCode
from barnet.customers.signing_in.sudo import sudo_required

SHOWN = 5
PAGE = 25


class SecurityView(second_step.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "recent": selectors.security_events_of(user)[:SHOWN],
            "session_count": sessions.open_sessions(user).count(),
            "few_codes": recovery_codes.FEW,
        }


@resident_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    events = selectors.security_events_of(cast(User, request.user))
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    return render(request, "customers/activity.html", {"page_obj": page})


@resident_required
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    return render(
        request,
        "customers/sessions.html",
        {
            "sessions": list(sessions.open_sessions(user)),
            "current": sessions.current_row(request),
            "trusted": list(devices.trusted_devices(user)),
        },
    )


@require_POST
@sudo_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(sessions.SignInSession, pk=pk, user=cast(User, request.user))
    if row.pk == sessions.current_row(request):
        account.get_adapter().logout(request)
        return redirect("/")
    sessions.end(row, request=request)
    messages.success(request, _("That device is signed out."))
    return redirect("account_sessions")


@require_POST
@sudo_required
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Everywhere else: this browser stays signed in, and shows that it worked."""
    sessions.end_all(cast(User, request.user), request=request, keep_current=True)
    messages.success(request, _("You are signed out everywhere else, and no device is trusted any more."))
    return redirect("account_sessions")


@require_POST
@sudo_required
def end_trust(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = devices.KnownDevice.objects.filter(pk=pk)
    if not chosen.filter(user=cast(User, request.user)).exists():
        raise Http404
    devices.end_trust(cast(User, request.user), request=request, devices=chosen)
    messages.success(request, _("That device is no longer trusted. It is asked for the second step next time."))
    return redirect("account_sessions")


# --- Proving again who one is ---


class PasswordAgainView(account.ReauthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        _record_proof(self.request)
        return super().form_valid(form)


class SecondStepAgainView(second_step.ReauthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        _record_proof(self.request)
        return super().form_valid(form)


@method_decorator(login_required, name="dispatch")
class CodeAgainView(account.BaseReauthenticateView):
    """One button mails a code, then the code is asked for. Three wrong ones, and a new one must be mailed."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/reauthenticate_by_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.process = ProofByCode.running(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.process is None or self.request.POST.get("action") == "send":
            kwargs.pop("data", None)
            kwargs.pop("files", None)
        return {**kwargs, "code": self.process.code if self.process else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_sent": self.process is not None}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.process is None or request.POST.get("action") == "send":
            if not ProofByCode.start(request):
                messages.error(request, str(account.get_adapter().error_messages["rate_limited"]))
            return redirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.process
        self.process.finish()
        _record_proof(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        assert self.process
        watch.record(SecurityEventKind.CODE_REFUSED, request=self.request, user=cast(User, self.request.user))
        if self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(self.request, _("That was wrong three times. We can send you a new code."))
        return redirect(self.request.get_full_path())


def _record_proof(request: HttpRequest) -> None:
    watch.record(SecurityEventKind.PROVED, request=request, user=cast(User, request.user))
