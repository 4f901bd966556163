"""What residents type about themselves and about their requests."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import Language
from barnet.kit.act_forms import VersionForm, words_field
from barnet.kit.files.form_field import CheckedFileField
from barnet.kit.uploads import ACCEPT_ATTRIBUTE, CleanPhoto, clean_photo

PHONE_FORM = _("Enter a telephone number, such as 020 7946 0123 or 07700 900123")


class NameAndPhoneForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        error_messages={"required": _("Enter your name"), "max_length": _("Use a shorter name")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        help_text=_("We call only when we cannot reach you otherwise."),
        max_length=30,
        required=False,
        error_messages={"max_length": PHONE_FORM},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        digits = re.sub(r"[\s()+.\-–]", "", typed)
        if typed and not re.fullmatch(r"[0-9]{7,15}", digits):
            raise ValidationError(PHONE_FORM, code="invalid")
        return typed


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language from the list")},
    )


class PhotoField(forms.FileField):
    """Becomes a photo that is checked and written anew; what is not a photo is refused with a sentence."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> CleanPhoto | None:  # type: ignore[override]
        file: UploadedFile | None = super().clean(data, initial)
        return clean_photo(file) if file else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ACCEPT_ATTRIBUTE}


class AnswerForm(VersionForm):
    answer = words_field(_("Your answer"), _("Write your answer"))
    photo = PhotoField(
        label=_("Photo"),
        required=False,
        error_messages={
            "empty": _("The file is empty. Choose another photo."),
            "invalid": _("Choose the photo again."),
        },
    )
    file = CheckedFileField(label=_("Another file"), required=False)


class ReopenForm(VersionForm):
    why = words_field(_("What is not right?"), _("Tell us what is not right"))


class WithdrawForm(VersionForm):
    why = words_field(_("Why do you no longer need it?"))


class FileForm(forms.Form):
    file = CheckedFileField(label=_("File"), error_messages={"required": _("Choose a file")})
    caption = forms.CharField(
        label=_("What is it?"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d.")},
    )


class PhotoForm(forms.Form):
    photo = PhotoField(
        label=_("Photo"),
        error_messages={
            "required": _("Choose a photo"),
            "empty": _("The file is empty. Choose another photo."),
            "invalid": _("Choose the photo again."),
        },
    )


class ClaimForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("It begins with BAR, such as BAR-7K3M-29QD."),
        max_length=40,
        error_messages={
            "required": _("Enter the reference"),
            "max_length": _("Enter a reference like BAR-7K3M-29QD"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Ten letters and digits. Capitals and spaces do not matter."),
        max_length=40,
        error_messages={"required": _("Enter the code"), "max_length": _("The code has ten letters and digits")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
