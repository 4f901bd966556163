"""Forms in which somebody says something to a thing that others may have changed since the form was opened."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 1000


class VersionForm(forms.Form):
    """An act on the thing as it was: a version that is not a number counts as another."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        typed = self.cleaned_data["version"]
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else -1


def words_field(label: Any, otherwise: Any = "") -> forms.CharField:
    """`otherwise`: what is said to who wrote nothing; without it nothing need be written."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=bool(otherwise),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": otherwise,
            "max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d."),
        },
    )
