"""One question, and words for who wants to say more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.act_forms import VersionForm, words_field
from portal.feedback.models import LONGEST_WORDS, Rating
from portal.feedback.pages import LONGEST, name_of

_TOO_LONG = _("Use %(limit_value)d characters or fewer. You typed %(show_value)d.")


def _more(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _TOO_LONG},
    )


class SurveyForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How satisfied are you with what we did?"),
        choices=Rating.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how satisfied you are"),
            "invalid_choice": _("Choose how satisfied you are from the list"),
        },
    )
    words = _more(_("What should we do better?"), _("Our staff read it. It becomes part of your request."))


class AgainForm(VersionForm):
    why = words_field(_("What is not right?"), _("Tell us what is not right"))


class VoteForm(forms.Form):
    """Sent by the buttons below every page."""

    page = forms.CharField(max_length=LONGEST)
    useful = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    key = forms.RegexField(r"^[\w-]{20,64}$")

    def clean_page(self) -> str:
        page = name_of(self.cleaned_data["page"])
        if page is None:
            raise forms.ValidationError("No page of ours.")
        return page


class VoteWordsForm(forms.Form):
    words = forms.CharField(
        label=_("What was good, or missing?"),
        help_text=_("Do not write your name, address or anything about your life: nobody can answer you here."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what was good, or missing"), "max_length": _TOO_LONG},
    )


class SettleForm(forms.Form):
    note = forms.CharField(
        label=_("What was done about it"),
        max_length=300,
        error_messages={"required": _("Write what was done about it, or why nothing"), "max_length": _TOO_LONG},
    )
