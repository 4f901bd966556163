"""Allauth's forms in our words, and the choice of whom to act for."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from barnet.customers import services
from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import Customer, User
from barnet.customers.signing_in import kiosk, recovery_codes, second_factor, watch
from barnet.customers.signing_in.passwords import LONGEST, RULES
from barnet.kit.dates import DateField

Words = dict[str, tuple[Any, Any, Any]]

LONGEST_EMAIL = 254
EMAIL_FORM = _("Enter an e-mail address in the form name@example.com")

_WORDS: Words = {
    # field: label, hint, what to say when it is empty
    "login": (_("E-mail address"), "", _("Enter your e-mail address")),
    "email": (_("E-mail address"), "", _("Enter your e-mail address")),
    "password": (_("Password"), "", _("Enter your password")),
    "oldpassword": (_("Your password now"), "", _("Enter the password that you have now")),
    "password1": (_("New password"), RULES, _("Enter a new password")),
    "password2": (_("New password again"), "", _("Type the new password a second time")),
    "code": (_("Code"), "", _("Enter the code")),
}


class OurWordsMixin:
    """Labels above, hints below them, no placeholders: as everywhere else on the site."""

    fields: dict[str, forms.Field]
    words: Words = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label, hint, empty = {**_WORDS, **self.words}[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = empty
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = EMAIL_FORM
                field.validators.append(MaxLengthValidator(LONGEST_EMAIL, EMAIL_FORM))
                field.widget.attrs |= {"spellcheck": "false", "autocapitalize": "none", "maxlength": str(LONGEST_EMAIL)}
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs |= {"spellcheck": "false", "autocapitalize": "none", "maxlength": str(LONGEST)}
            if name == "code":
                field.widget.attrs |= {"spellcheck": "false", "autocapitalize": "characters", "maxlength": "20"}


# --- Signing in and registering ---


class LoginForm(OurWordsMixin, account.LoginForm):
    pass


class SignupForm(OurWordsMixin, account.SignupForm):
    """Does the same work, and takes the same time, whether or not the address has an account."""

    words: Words = {"password1": (_("Password"), RULES, _("Enter a password"))}
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> Any:
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:  # the same address, a moment ago, in another tab
                self.account_already_exists = True
        else:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class RequestLoginCodeForm(OurWordsMixin, account.RequestLoginCodeForm):
    def clean_email(self) -> str:
        """The same work for an address that has an account and for one that has none."""
        try:
            return super().clean_email()
        except ValidationError as wrong:
            if wrong.code == "too_many_login_attempts":
                email = self.cleaned_data["email"]
                user = User.objects.filter(email=email.lower()).first()
                watch.record(SecurityEventKind.TOO_MANY_TRIES, request=context.request, user=user, tried=email)
            raise


class ConfirmLoginCodeForm(OurWordsMixin, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(OurWordsMixin, account.ConfirmEmailVerificationCodeForm):
    pass


class ReauthenticateForm(OurWordsMixin, account.ReauthenticateForm):
    pass


# --- Password and e-mail address ---


class ResetPasswordForm(OurWordsMixin, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWordsMixin, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurWordsMixin, account.ChangePasswordForm):
    pass


class SetPasswordForm(OurWordsMixin, account.SetPasswordForm):
    pass


class AddEmailForm(OurWordsMixin, account.AddEmailForm):
    """The old address hears of it at once, while nothing has changed yet and a new password still stops it."""

    words: Words = {"email": (_("New e-mail address"), "", _("Enter your new e-mail address"))}

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        services.tell_of_email_change(self.user, new_email=self.cleaned_data["email"])
        watch.record(SecurityEventKind.EMAIL_CHANGE_ASKED, request=request, user=self.user)
        return super().save(request)


# --- Second step ---

_APP_CODE = (_("Code"), _("Six digits from your authenticator app, or one of your recovery codes"), _("Enter the code"))
_SPARE_CODE = (_("Recovery code"), _("One of the codes that you kept. Each works once."), _("Enter a recovery code"))
TRUST = _("Do not ask me again on this device for 14 days")


class TrustMixin:
    """Residents may say that a device is theirs alone. Staff never: their second step is asked for each time."""

    mark_optional = False
    fields: dict[str, forms.Field]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.is_staff and not kiosk.is_shared(context.request):
            self.fields["trust"] = forms.BooleanField(required=False, label=TRUST)


class _OnceOnlyMixin:
    """A code of an authenticator opens once: not again in the minute in which a neighbour could have read it.

    Codes that are refused are recorded, and so is the use of a recovery code.
    """

    authenticator: Authenticator
    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as wrong:
            if cache.get(self._used(self.cleaned_data["code"])):
                raise self._replayed() from wrong
            self._record(_KIND_OF_REFUSAL.get(wrong.code, SecurityEventKind.SECOND_STEP_REFUSED))
            raise
        if self.authenticator.type != Authenticator.Type.TOTP:
            recovery_codes.was_used(self.user, self.authenticator, context.request)
        elif not cache.add(self._used(code), "used", timeout=120):
            raise self._replayed()
        return code

    def _used(self, code: str) -> str:
        digits = "".join(filter(str.isdigit, code))[:20]
        return f"second-factor:{self.user.pk}:{digits}"

    def _replayed(self) -> ValidationError:
        self._record(SecurityEventKind.SECOND_STEP_REPLAYED)
        return ValidationError(_("This code was used already. Wait for the next one."), code="used_code")

    def _record(self, kind: SecurityEventKind) -> None:
        watch.record(kind, request=context.request, user=self.user)


_KIND_OF_REFUSAL: dict[Any, SecurityEventKind] = {"too_many_login_attempts": SecurityEventKind.TOO_MANY_TRIES}


class AuthenticateForm(TrustMixin, _OnceOnlyMixin, OurWordsMixin, second_step.AuthenticateForm):
    words: Words = {"code": _APP_CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not second_factor.has_app(self.user):
            self.fields["code"].label, self.fields["code"].help_text = _SPARE_CODE[:2]
            self.fields["code"].error_messages["required"] = _SPARE_CODE[2]


class SecondStepAgainForm(_OnceOnlyMixin, OurWordsMixin, second_step.ReauthenticateForm):
    words: Words = {"code": _APP_CODE}


class ActivateTOTPForm(OurWordsMixin, totp.ActivateTOTPForm):
    words: Words = {"code": (_("Code"), _("The six digits that the app shows now"), _("Enter the code"))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class DeactivateTOTPForm(OurWordsMixin, totp.DeactivateTOTPForm):
    pass


class GenerateRecoveryCodesForm(OurWordsMixin, recovery.GenerateRecoveryCodesForm):
    pass


# --- Acting for somebody ---


class ActingForForm(forms.Form):
    """Only people whose authority the user holds are among the choices."""

    principal = forms.ModelChoiceField(
        queryset=Customer.objects.none(),
        label=_("Whom do you want to act for?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose whom you want to act for"),
            "invalid_choice": _("You may not act for this person. Choose somebody from the list."),
        },
    )

    def __init__(self, *args: Any, principals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["principal"]).queryset = principals


# --- The record of security, for staff ---


class SecurityFilterForm(forms.Form):
    mark_optional = False

    email = forms.EmailField(
        label=_("E-mail address of the account"), required=False, error_messages={"invalid": EMAIL_FORM}
    )
    kind = forms.ChoiceField(
        label=_("What happened"), required=False, choices=[("", _("Everything")), *SecurityEventKind.choices]
    )
    since = DateField(subject=_("The first day"), label=_("Since"), required=False)


# --- Closing the account ---


class CloseAccountForm(forms.Form):
    """The word is typed, so that nobody closes an account by a slip of the finger."""

    WORD = "CLOSE"

    confirmation = forms.CharField(
        label=_("Type CLOSE to confirm"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type CLOSE if you want to close your account")},
    )

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip().upper() != self.WORD:
            raise ValidationError(_("Type CLOSE if you want to close your account"), code="not_confirmed")
        return typed
