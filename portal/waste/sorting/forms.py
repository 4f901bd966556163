"""What people type into the search for a thing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.waste.sorting.selectors import LONGEST


class FindItemForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label=_("What do you want to get rid of?"),
        required=False,
        max_length=LONGEST,
        help_text=_("For example: pizza box, batteries, old sofa."),
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
