"""Allauth's forms for passkeys, in our words. Whatever a hostile browser sends is answered with a sentence."""

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import SecurityEventKind
from barnet.customers.signing_in import passkey_counters, watch
from barnet.customers.signing_in.forms import OurWordsMixin, TrustMixin, Words

LONGEST_NAME = 60
REFUSED = _("This passkey did not work. Try again, or use another way to sign in.")
MISSING = _("Your browser did not use a passkey. It may need JavaScript, or a newer browser. Use another way.")
_NAME = (_("Name"), _("So that you know it again: “My telephone”, “Key on my key ring”"), _("Enter a name"))
# What fido2 and allauth say of bytes that are no credential.
_NONSENSE = (
    *(TypeError, ValueError, KeyError, AttributeError, IndexError, AssertionError),
    *(OverflowError, RecursionError, struct.error),
)


class _CredentialMixin(OurWordsMixin):
    """The browser's answer arrives in a hidden field: what is wrong with it is said at the top of the page."""

    words: Words = {"credential": ("", "", MISSING), "name": _NAME, "passwordless": ("", "", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages["invalid"] = REFUSED

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except _NONSENSE:
            self._refuse()
        wrong = self._errors.pop("credential", None)  # type: ignore[has-type, attr-defined]
        if wrong:
            self._errors["__all__"] = self.error_class(  # type: ignore[attr-defined]
                [_in_our_words(error) for error in wrong.as_data()], error_class="nonfield"
            )

    def _refuse(self) -> None:
        self.cleaned_data: dict[str, Any] = {}
        self._errors["credential"] = self.error_class([ValidationError(REFUSED, code="incorrect_code")])  # type: ignore[attr-defined]


def _in_our_words(error: ValidationError) -> ValidationError:
    return ValidationError(REFUSED, code="incorrect_code") if error.code == "incorrect_code" else error


class AddPasskeyForm(_CredentialMixin, webauthn.AddWebAuthnForm):
    """Every passkey opens the account alone: the server asks for one that its owner unlocks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].widget.attrs |= {"maxlength": str(LONGEST_NAME)}
        self.fields["name"].max_length = LONGEST_NAME  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return super().clean_name()[:LONGEST_NAME]

    def clean_credential(self) -> dict[str, Any]:
        """Only what is needed to know it again is kept: a browser could send anything beside it."""
        sent = self.cleaned_data["credential"]
        response = sent["response"]
        shown = sent.get("clientExtensionResults", {}).get("credProps", {}).get("rk")
        kept = {
            **{name: str(sent[name]) for name in ("id", "rawId", "type")},
            "response": {name: str(response[name]) for name in ("clientDataJSON", "attestationObject")},
            "clientExtensionResults": {"credProps": {"rk": shown is not False}},
        }
        if "\x00" in str(kept):
            raise ValueError("null byte")
        return kept

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as wrong:
            self.add_error("credential", wrong)
            return self.cleaned_data


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=LONGEST_NAME,
            error_messages={
                "required": _("Enter a name"),
                "max_length": _("Use a shorter name: %(limit_value)d characters or fewer"),
            },
        )


class _UseMixin(_CredentialMixin):
    """Every refusal is recorded: for the account whose second step was tried, for nobody when no account is proved."""

    user: Any

    def clean_credential(self) -> Any:
        sent = self.cleaned_data["credential"]
        try:
            passkey = super().clean_credential()  # type: ignore[misc]
        except (ValidationError, *_NONSENSE):
            watch.record(SecurityEventKind.PASSKEY_REFUSED, request=context.request, user=self.user)
            raise
        if not passkey_counters.counts_on(passkey, sent):
            passkey_counters.copy_refused(passkey, context.request)
            raise ValidationError(REFUSED, code="copied")
        return passkey


class LoginPasskeyForm(_UseMixin, webauthn.LoginWebAuthnForm):
    pass


class SecondStepPasskeyForm(TrustMixin, _UseMixin, webauthn.AuthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "passkey_%s", **kwargs})  # it stands beside the form for a code


class PasskeyAgainForm(_UseMixin, webauthn.ReauthenticateWebAuthnForm):
    pass
