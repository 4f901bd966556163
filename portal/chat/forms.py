from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.act_forms import LONGEST_TEXT, words_field
from barnet.kit.files.form_field import CheckedFileField
from barnet.kit.submission import SubmissionKeyMixin

_TOO_LONG = _("Use %(limit_value)d characters or fewer. You typed %(show_value)d.")


class BeginForm(SubmissionKeyMixin, forms.Form):
    question = words_field(_("Your question"), _("Write your question"))
    file = CheckedFileField(label=_("Add a photo or a file"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": _TOO_LONG},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We write there when you are gone before we have answered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address, such as name@example.com."),
        },
    )

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["name"], self.fields["email"]


class LineForm(forms.Form):
    """Words, a file, or both."""

    mark_optional = False  # neither is alone, and the file says so itself

    text = forms.CharField(
        label=_("Write"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _TOO_LONG},
    )
    file = CheckedFileField(label=_("Add a photo or a file (optional)"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["text"] and not cleaned["file"]:
            self.add_error("text", _("Write the message, or choose a file"))
        return cleaned
