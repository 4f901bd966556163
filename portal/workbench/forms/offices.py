"""What was given up: which, and what becomes of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.cases.delivery.office_models import LONGEST_REASON
from portal.cases.models import BackOffice

MOST_AT_ONCE = 100
AGAIN, BY_HAND = "again", "by-hand"


class GivenUpFilterForm(forms.Form):
    mark_optional = False

    office = forms.ModelChoiceField(
        label=_("Back office"),
        queryset=BackOffice.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("All"),
    )
    reference = forms.CharField(label=_("Request reference"), required=False, max_length=40)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()


class ChosenForm(forms.Form):
    """The chosen rows. What is no longer given up is passed over."""

    deliveries = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": _("Select at least one delivery."), "invalid_choice": _("Select again.")},
    )
    act = forms.ChoiceField(choices=[(AGAIN, AGAIN), (BY_HAND, BY_HAND)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["deliveries"].valid_value = _is_key  # type: ignore[attr-defined]

    def clean_deliveries(self) -> list[int]:
        return list(self.cleaned_data["deliveries"])[:MOST_AT_ONCE]


class ByHandForm(forms.Form):
    note = forms.CharField(
        label=_("What was done instead"),
        help_text=_("For example: told by telephone, they call it L-17. Staff read it with the request."),
        max_length=300,
        error_messages={"required": _("Write what was done instead.")},
    )


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it held?"),
        help_text=_("For example: their system is moved until 4pm. Staff read it with every request that waits."),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("Write why it is held."),
            "max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d."),
        },
    )


class GoOnForm(forms.Form):
    """`pause`: the one that was on the page."""

    pause = forms.IntegerField(min_value=1, max_value=2**62)


def _is_key(text: object) -> bool:
    return str(text).isascii() and str(text).isdigit() and len(str(text)) < 18
