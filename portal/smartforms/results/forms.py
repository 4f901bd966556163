from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.references import InvalidReferenceError, parse_reference


class ReasonToReadForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to read them?"),
        help_text=_("For example: “To decide about the badge”. The customer can see who read them, and why."),
        max_length=100,
        min_length=4,
        error_messages={
            "required": _("Say why you need to read them"),
            "min_length": _("Say in a few words why you need to read them"),
            "max_length": _("Say in at most 100 characters why you need to read them"),
        },
    )


class CorrectionForm(forms.Form):
    """Beside the field of the question itself, whose name has no dash: the prefix keeps the two apart."""

    prefix = "correction"
    reason = forms.CharField(
        label=_("Why is it corrected?"),
        help_text=_("The customer reads this. For example: “You told us by telephone on 3 March.”"),
        min_length=4,
        max_length=300,
        error_messages={
            "required": _("Say why it is corrected"),
            "min_length": _("Say in a few words why it is corrected"),
            "max_length": _("Say in at most 300 characters why it is corrected"),
        },
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)  # the last correction then


class CompareForm(forms.Form):
    other = forms.CharField(
        label=_("Reference of the other request"),
        help_text=_("It must have been made with the same form. For example: BAR-7K3M-29QD"),
        max_length=20,
        error_messages={"required": _("Enter the reference of the other request")},
    )

    def clean_other(self) -> str:
        try:
            return parse_reference(self.cleaned_data["other"])
        except InvalidReferenceError:
            raise forms.ValidationError(_("Enter a reference like BAR-7K3M-29QD")) from None


class EraseFileForm(forms.Form):
    why = forms.CharField(
        label=_("Why"),
        help_text=_("It stays in the timeline. Write no names."),
        max_length=300,
        error_messages={
            "required": _("Write why it is erased."),
            "max_length": _("Say in at most 300 characters why it is erased."),
        },
    )
    is_sure = forms.BooleanField(
        label=_("Erase it for good"),
        error_messages={"required": _("Tick the box to erase it: nothing brings it back.")},
    )
