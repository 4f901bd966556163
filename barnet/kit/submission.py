"""One key per filled form, so that a form that is sent twice does its work once.

A form with the mixin carries a hidden, signed key. Give it the request (`ReportForm(request.POST, request=request)`)
and the key is bound to the browser that loaded the form; without a request it is only signed.
`cleaned_data["submission_key"]` is 32 signs that no other form has. A missing, forged or foreign key is refused with
a sentence; the form then shows what was typed and a fresh key, so that sending it again works. The same key comes
back for the same form: whoever stores what was sent keeps the key unique and answers a repetition with the first
result.
"""

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

REFUSAL = _("We could not tell whether this form was already sent. Check your answers and send it again.")


def new_signed_key(request: HttpRequest | None = None) -> str:
    """What the hidden field holds when a form is loaded."""
    return _signer(_browser_of(request)).sign(secrets.token_urlsafe(24))


def _browser_of(request: HttpRequest | None) -> str:
    """A secret that only this browser has: the one that already guards its forms, so it changes when that one does."""
    if request is None:
        return ""
    get_token(request)
    return salted_hmac("barnet.kit.submission", request.META["CSRF_COOKIE"]).hexdigest()


def _signer(browser: str) -> Signer:
    return Signer(salt=f"barnet.kit.submission{browser}")


class SubmissionKeyField(forms.CharField):
    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"required": REFUSAL, "max_length": REFUSAL}, max_length=200, **options)
        self.browser = ""

    def fresh(self) -> str:
        return _signer(self.browser).sign(secrets.token_urlsafe(24))

    def clean(self, value: Any) -> str:
        signed = super().clean(value)
        try:
            return _signer(self.browser).unsign(signed)
        except BadSignature:
            raise ValidationError(REFUSAL, code="forged") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A form that is shown again keeps its key; a key that was refused is replaced."""
        try:
            self.clean(data)
        except ValidationError:
            return self.fresh()
        return data

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


if TYPE_CHECKING:
    _Base = forms.Form
else:
    _Base = object


class SubmissionKeyMixin(_Base):
    """Before `forms.Form` or `forms.ModelForm` in the bases."""

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = SubmissionKeyField()
        key.browser = _browser_of(request)
        key.initial = key.fresh
        self.fields["submission_key"] = key
