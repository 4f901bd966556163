from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin


class AskForm(SubmissionKeyMixin, forms.Form):
    WHAT = [
        ("correct", _("Put something right")),
        ("erase", _("Erase something")),
        ("stop", _("Stop using something")),
        ("copy", _("A copy of what is not in the file")),
        ("explain", _("Explain something")),
    ]
    what = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=WHAT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask for")},
    )
    words = forms.CharField(
        label=_("What is it about?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Tell us what it is about"),
            "max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d."),
        },
    )
