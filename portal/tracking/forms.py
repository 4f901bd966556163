"""What somebody without an account types to see their request."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.act_forms import VersionForm, words_field
from barnet.kit.references import InvalidReferenceError, parse_reference

CONTACT_FORM = _("Enter an e-mail address like name@example.com, or a mobile number like 07700 900123")


class TrackForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of your request"),
        help_text=_("It begins with BAR and stands in every message about it, such as BAR-7K3M-29QD."),
        max_length=40,
        error_messages={
            "required": _("Enter the reference of your request"),
            "max_length": _("Enter a reference like BAR-7K3M-29QD"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("E-mail address or mobile number that you gave us with it"),
        help_text=_("We send a code there."),
        max_length=254,
        error_messages={
            "required": _("Enter the e-mail address or mobile number that you gave us"),
            "max_length": CONTACT_FORM,
        },
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        """The checksum finds a mistyped sign, and says nothing of what we hold."""
        try:
            return parse_reference(self.cleaned_data["reference"])
        except InvalidReferenceError:
            raise forms.ValidationError(
                _("Check the reference: a sign is wrong or missing. It looks like BAR-7K3M-29QD")
            ) from None

    def clean_contact(self) -> str:
        typed: str = self.cleaned_data["contact"]
        digits = re.sub(r"[\s()+.\-–]", "", typed)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", typed) and not re.fullmatch(r"[0-9]{7,15}", digits):
            raise forms.ValidationError(CONTACT_FORM)
        return typed


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits"),
        max_length=20,
        error_messages={"required": _("Enter the code that we sent"), "max_length": _("The code has six digits")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )


class AnswerForm(VersionForm):
    words = words_field(_("Your answer"), _("Write your answer"))


class ReopenForm(VersionForm):
    words = words_field(_("What is not right?"), _("Tell us what is not right"))
