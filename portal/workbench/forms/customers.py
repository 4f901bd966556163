"""Finding, meeting and serving somebody who calls or visits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer
from barnet.kit.submission import SubmissionKeyMixin
from portal.workbench.forms.acts import SERVED_CHANNELS


class FindForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label=_("Find a customer"),
        help_text=_("Name, e-mail address, telephone number or postcode. At least three signs."),
        required=False,
        max_length=100,
    )

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if text and len(text) < 3:
            raise forms.ValidationError(_("Write at least three signs of the name, e-mail, telephone or postcode."))
        return text


class NewCustomerForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("Leave it empty if they do not want to say."),
        required=False,
        max_length=150,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write an e-mail address in the correct form, such as name@example.com.")},
    )
    phone = forms.CharField(
        label=_("Telephone number"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    is_somebody_else = forms.BooleanField(label=_("It is somebody else: make a new record"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: list[Customer] = []

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        digits = sum(sign.isdigit() for sign in phone)
        if phone and (digits < 7 or not set(phone) <= set("0123456789 +-()")):
            raise forms.ValidationError(_("Write a telephone number with at least 7 digits, such as 020 7946 0123."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        email, key = cleaned.get("email"), cleaned.get("submission_key")
        if email and key and not cleaned.get("is_somebody_else"):
            others = Customer.objects.exclude(submission_key=key)
            self.known = list(others.filter(email__iexact=email).select_related("address")[:5])
            if self.known:
                self.add_error("email", _("We already know somebody with this e-mail address. Choose them below."))
        return cleaned


class ChannelForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How are they in touch?"),
        choices=SERVED_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they are in touch.")},
    )
