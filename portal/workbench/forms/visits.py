"""Beginning to help somebody in person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin


class VisitForm(SubmissionKeyMixin, forms.Form):
    purpose = forms.CharField(
        label=_("What do they come for?"),
        help_text=_("In a few words, such as: report a missed bin. They can read it."),
        max_length=100,
        error_messages={"required": _("Write what they come for."), "max_length": _("Use 100 characters or fewer.")},
    )
    agrees = forms.BooleanField(
        label=_("They are here, and agree that I do this with them"),
        error_messages={"required": _("Ask them first, then tick that they agree.")},
    )


class NewVisitForm(VisitForm):
    name = forms.CharField(
        label=_("Their name"),
        help_text=_("Leave it empty if they do not want to say."),
        required=False,
        max_length=150,
    )
    field_order = ["name", "purpose", "agrees"]
