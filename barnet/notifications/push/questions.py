"""A subscription as the script of the page sends it: from outside, like everything else in a form."""

import binascii
import re

from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from py_vapid.utils import b64urldecode

from barnet.notifications.push.services import is_known

BROKEN = _("Your browser sent something that we do not understand. Try again, or choose e-mail or a text message.")
_hidden = forms.HiddenInput


class DeviceForm(forms.Form):
    endpoint = forms.CharField(widget=_hidden, max_length=1000, error_messages={"required": BROKEN})
    p256dh = forms.CharField(widget=_hidden, max_length=100, error_messages={"required": BROKEN})
    auth = forms.CharField(widget=_hidden, max_length=40, error_messages={"required": BROKEN})

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
            raise ValidationError(BROKEN)
        if not is_known(endpoint):
            raise ValidationError(_("We do not know the service that brings notifications to your browser."))
        return endpoint

    def clean_p256dh(self) -> str:
        """A point of the curve: anything else could not be written to."""
        typed: str = self.cleaned_data["p256dh"]
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(typed))
        except ValueError:
            raise ValidationError(BROKEN) from None
        return typed.rstrip("=")

    def clean_auth(self) -> str:
        typed: str = self.cleaned_data["auth"]
        if len(_decoded(typed)) != 16:
            raise ValidationError(BROKEN)
        return typed.rstrip("=")


def _decoded(typed: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]+=*", typed):
        raise ValidationError(BROKEN)
    try:
        return b64urldecode(typed.rstrip("=").encode())
    except (binascii.Error, ValueError):
        raise ValidationError(BROKEN) from None
