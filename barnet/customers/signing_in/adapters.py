"""Our words, our outbox and our rules in allauth's journeys."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from barnet.customers import services
from barnet.customers.enums import SecurityEventKind
from barnet.customers.keeping import closing
from barnet.customers.models import User
from barnet.customers.signing_in import devices, kiosk, mail, sessions, watch
from barnet.customers.signing_in.browsers import browser_of
from barnet.customers.signing_in.security import SecurityEvent
from barnet.customers.signing_in.sign_on import sessions as sign_on_sessions
from barnet.customers.signing_in.sudo import is_fresh
from barnet.kit.sealing import seal, unseal

log = structlog.get_logger(__name__)

_SECOND_FACTOR = "barnet.customers.signing_in.second_factor"

# allauth's name of a mail → our kind. A name that is missing here is an error, never a mail in allauth's words.
KINDS = {
    "account/email/email_confirmation_signup": "account-verify-code",
    "account/email/email_confirmation": "account-confirm-email",
    "account/email/login_code": "account-login-code",
    "account/email/proof_code": "account-proof-code",
    "account/email/password_reset_key": "account-reset",
    "account/email/account_already_exists": "account-already-registered",
    "account/email/unknown_account": "account-unknown",
    "account/email/password_changed": "account-password-changed",
    "account/email/password_set": "account-password-changed",
    "account/email/password_reset": "account-password-changed",
    "account/email/email_changed": "account-email-changed",
    "mfa/email/totp_activated": "account-second-step-added",
    "mfa/email/totp_deactivated": "account-second-step-removed",
    "mfa/email/recovery_codes_generated": "account-recovery-codes",
    "mfa/email/webauthn_added": "account-passkey-added",
    "mfa/email/webauthn_removed": "account-passkey-removed",
}

# What is told to the owner of an account is in its record, too.
EVENTS = {
    "account/email/password_changed": SecurityEventKind.PASSWORD_CHANGED,
    "account/email/password_set": SecurityEventKind.PASSWORD_CHANGED,
    "account/email/password_reset": SecurityEventKind.PASSWORD_CHANGED,
    "account/email/email_changed": SecurityEventKind.EMAIL_CHANGED,
    "mfa/email/totp_activated": SecurityEventKind.SECOND_STEP_ADDED,
    "mfa/email/totp_deactivated": SecurityEventKind.SECOND_STEP_REMOVED,
    "mfa/email/recovery_codes_generated": SecurityEventKind.RECOVERY_CODES_MADE,
    "mfa/email/webauthn_added": SecurityEventKind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": SecurityEventKind.PASSKEY_REMOVED,
}
# Whoever was signed in elsewhere may be the reason for the change. The session that makes it goes on.
ENDS_OTHER_SESSIONS = {
    "account/email/password_changed",
    "account/email/password_set",
    "account/email/password_reset",
    "account/email/email_changed",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_removed",
}
# A device that was trusted before there was a second step, or another one, was trusted with something else.
ENDS_TRUST = {"mfa/email/totp_activated", "mfa/email/webauthn_added", "mfa/email/recovery_codes_generated"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your e-mail address. Enter another one."),
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both, and try again."),
        "email_taken": _("We cannot use this e-mail address. Enter another one."),
        "enter_current_password": _("This is not your current password. Type it again."),
        "incorrect_code": _("This code is not right. Check the newest e-mail from us, and type its code."),
        "incorrect_password": _("This password is not right. Type it again."),
        "rate_limited": _("You asked several times in a row. Wait a minute, then try again."),
        "same_as_current": _("This is the e-mail address that you have now. Enter another one."),
        "too_many_login_attempts": _("You tried too often. Wait 5 minutes, then try again."),
    }

    # --- Mails ---

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        mail.send(
            KINDS[template_prefix],
            email=email,
            user=user if isinstance(user, User) else None,
            fields=self._fields(template_prefix, context),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {**(context or {}), "user": user})
        watch.record(EVENTS[template_prefix], request=self.request, user=user)
        if template_prefix in ENDS_OTHER_SESSIONS:
            goes_on = template_prefix != "account/email/password_reset" and self.request.user == user
            sessions.end_all(user, request=self.request, keep_current=goes_on)
        elif template_prefix in ENDS_TRUST:
            devices.end_trust(user, request=self.request)

    def _fields(self, template_prefix: str, context: dict[str, Any]) -> dict[str, str]:
        """Whatever any of our mails may say; each takes what it names."""
        seconds = {
            "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
            "account/email/proof_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
            "account/email/password_reset_key": settings.PASSWORD_RESET_TIMEOUT,
        }.get(template_prefix, app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT)
        return {
            "code": context.get("code", ""),
            "link": context.get("password_reset_url", ""),
            "minutes": str(seconds // 60),
            "sign_in_link": self._link("account_login"),
            "reset_link": self._link("account_reset_password"),
            "register_link": self._link("account_signup"),
            "when": timezone.now(),
            "old_email": context.get("from_email", ""),
            "new_email": context.get("to_email", ""),
        }

    def _link(self, name: str) -> str:
        return self.request.build_absolute_uri(reverse(name))

    # --- Rules ---

    def is_safe_url(self, url: str | None) -> bool:
        """Only our own addresses: `next` never leads away."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every journey is plain HTML, and has one form of answer."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for somebody who signed in, or proved who they are, a few minutes ago."""
        return not is_fresh(context.request) and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has neither password nor second factor proves who they are by a code that we mail."""
        by_code = {"id": "code", "description": "", "url": reverse("account_reauthenticate_code")}
        return super().get_reauthentication_methods(user) or [by_code]

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The customer follows the login. Somebody else may have proved the same address a moment ago."""
        try:
            with transaction.atomic():
                is_confirmed = super().confirm_email(request, email_address)
                if is_confirmed:
                    services.follow_login_email(email_address.user)
                return is_confirmed
        except IntegrityError:
            self.add_message(request, messages.ERROR, message=str(self.error_messages["email_taken"]))
            return False

    def get_login_stages(self) -> list[str]:
        """A trusted device spares residents the second step: ours is asked in the place of allauth's."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "barnet.customers.signing_in.stages.SecondStepStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """An account that its owner closed opens again by a code that we mail, and in no other way."""
        if closing.is_pending(user) and "code" not in _methods(request, user):
            clear_login(request)
            answer: HttpResponse | None = self.respond_user_inactive(request, user)
        else:
            answer = super().pre_login(request, user, **kwargs)
        if not user.is_active or answer is not None:
            watch.record(SecurityEventKind.CLOSED_REFUSED, request=request, user=user)
        return answer

    def login(self, request: HttpRequest, user: Any) -> None:
        is_first = user.last_login is None
        super().login(request, user)
        services.ensure_customer(user)
        sessions.begin(request, user)
        watch.record(SecurityEventKind.SIGNED_IN, request=request, user=user)
        if kiosk.is_shared(request):  # nobody's device: it is not known again, and each visit is no news
            watch.record(SecurityEventKind.KIOSK_SIGN_IN, request=request, user=user)
        else:
            is_trusted = getattr(request, "trust_this_device", False)
            devices.recognise(request, user, is_first_sign_in=is_first, trust=is_trusted)
        if closing.call_back(user, request=request):
            self.add_message(request, messages.SUCCESS, message=str(_("Your account is open again.")))
        log.info("signed_in", user_id=user.pk)

    def logout(self, request: HttpRequest) -> None:
        log.info("signed_out", user_id=request.user.pk)
        ended = sign_on_sessions.opened_by(request)
        watch.record(SecurityEventKind.SIGNED_OUT, request=request, user=request.user)  # type: ignore[arg-type]
        sessions.mark_ended(request)
        super().logout(request)
        if ended:
            sign_on_sessions.say_goodbye(request, ended)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came from a provider is still signed in there, and is told so."""
        came_from_provider = sign_on_sessions.opened_by(request)
        return reverse("sign_on_signed_out") if came_from_provider else super().get_logout_redirect_url(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._record_try(SecurityEventKind.TOO_MANY_TRIES, request, credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Which account was tried is told by a fingerprint, not by an address of somebody who may be a stranger."""
        event = self._record_try(SecurityEventKind.PASSWORD_REFUSED, request, credentials)
        log.warning("sign_in_failed", tried=event.tried, visitor=event.visitor)

    def _record_try(self, kind: SecurityEventKind, request: HttpRequest, credentials: dict[str, Any]) -> SecurityEvent:
        """The same work for an address that has an account and for one that has none."""
        email = str(credentials.get("email", ""))
        return watch.record(kind, request=request, user=User.objects.filter(email=email).first(), tried=email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("mfa_index" if self.request.user.is_authenticated else "account_login")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticators encrypted with a key derived from SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Type the code that the app shows now."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """No second question in the request in which the provider of staff vouched for a second step."""
        if getattr(context.request, "second_step_vouched_for", None) == user.pk and user.pk:
            return False
        return super().is_mfa_enabled(user, types)

    def get_totp_issuer(self) -> str:
        return settings.COUNCIL_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host of BASE_URL, whatever the request calls us. It cannot belong to a number: where
        that is one, on a developer's machine, passkeys are made and used at http://localhost."""
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        return {"id": "localhost" if _is_number(host) else host, "name": settings.COUNCIL_NAME}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return browser_of(context.request)

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=_SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=_SECOND_FACTOR)


def _methods(request: HttpRequest, user: User) -> set[str]:
    return {record["method"] for record in get_authentication_records(request, user)}


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
