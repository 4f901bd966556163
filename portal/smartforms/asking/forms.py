from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin
from portal.cases.models import Case
from portal.smartforms.asking.narrowing import askable
from portal.smartforms.asking.services import FEWEST_DAYS, MOST_DAYS, USUAL_DAYS
from portal.smartforms.definition.model import Definition

_DAYS_WRONG = _("Enter a number of days from %(fewest)d to %(most)d") % {"fewest": FEWEST_DAYS, "most": MOST_DAYS}
_STALE = _("The page was incomplete. Open it again from the request.")


class AskForMoreForm(SubmissionKeyMixin, forms.Form):
    """`answered`: keys of what was answered, so that staff see what they ask again."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _STALE),
    )
    questions = forms.MultipleChoiceField(
        label=_("What do you need?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one question"),
            "invalid_choice": _("Choose among the questions of the form"),
        },
    )
    why = forms.CharField(
        label=_("Why do you ask?"),
        help_text=_("The customer reads this. For example: “We cannot read the second page of your letter.”"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={
            "required": _("Write why you ask"),
            "max_length": _("Use 1,000 characters or fewer. You have used %(show_value)s."),
        },
    )
    days = forms.IntegerField(
        label=_("How many days do they have?"),
        help_text=_("We remind them three days before the end. After that the request goes on without."),
        initial=USUAL_DAYS,
        min_value=FEWEST_DAYS,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _DAYS_WRONG),
    )

    def __init__(self, *args: Any, case: Case, definition: Definition, answered: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = case.version
        self.fields["questions"].choices = [  # type: ignore[attr-defined]
            choice
            for step, questions in askable(definition)
            for choice in (
                [(one.key, _told(f"{step.title}: {one.label}", one.key in answered)) for one in questions]
                or [(step.key, _told(step.title, step.key in answered))]
            )
        ]


def _told(words: str, is_answered: bool) -> str:
    return _t("%(question)s (answered)") % {"question": words} if is_answered else words


class TakeBackForm(forms.Form):
    note = forms.CharField(
        label=_("Note for colleagues"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )
