"""Our words, our outbox and our rules in allauth's journeys."""

import base64
import hashlib
import time
from typing import Any

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from barnet.customers import mail, services
from barnet.customers.models import User
from barnet.customers.sign_on import sessions
from barnet.kit.wording import moment

log = structlog.get_logger(__name__)

# allauth's name of a mail → our kind. A name that is missing here is an error, never a mail in allauth's words.
KINDS = {
    "account/email/email_confirmation_signup": "account-verify-code",
    "account/email/email_confirmation": "account-confirm-email",
    "account/email/login_code": "account-login-code",
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
}


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

    def _fields(self, template_prefix: str, context: dict[str, Any]) -> dict[str, str]:
        """Whatever any of our mails may say; each takes what it names."""
        seconds = {
            "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
            "account/email/password_reset_key": settings.PASSWORD_RESET_TIMEOUT,
        }.get(template_prefix, app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT)
        return {
            "code": context.get("code", ""),
            "link": context.get("password_reset_url", ""),
            "minutes": str(seconds // 60),
            "sign_in_link": self._link("account_login"),
            "reset_link": self._link("account_reset_password"),
            "register_link": self._link("account_signup"),
            "when": moment(timezone.now()),
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
        records = get_authentication_records(context.request, context.request.user)
        is_recent = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_recent and super().is_reauthentication_required(app=app, **kwargs)

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

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        services.ensure_customer(user)
        log.info("signed_in", user_id=user.pk)

    def logout(self, request: HttpRequest) -> None:
        log.info("signed_out", user_id=request.user.pk)
        ended = sessions.opened_by(request)
        super().logout(request)
        if ended:
            sessions.say_goodbye(request, ended)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came from a provider is still signed in there, and is told so."""
        return (
            reverse("sign_on_signed_out") if sessions.opened_by(request) else super().get_logout_redirect_url(request)
        )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Which account was tried is told by a fingerprint, not by an address of somebody who may be a stranger."""
        tried = hashlib.sha256(str(credentials.get("email", "")).lower().encode()).hexdigest()
        log.warning("sign_in_failed", tried=tried[:12], visitor=self.get_client_ip(request))

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

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str) -> Fernet:
    digest = hashlib.sha256(b"barnet.customers.second_factor" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
