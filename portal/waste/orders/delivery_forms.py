"""Which stops, and what became of those that were ticked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.kit.dates import DateField
from barnet.kit.fields import ChoiceLabel
from portal.waste.orders.deliveries import StopFilters, wards_with_stops


class StopFilterForm(forms.Form):
    mark_optional = False

    by = DateField(
        label=gettext_lazy("Promised by"),
        subject=gettext_lazy("The day"),
        help_text=gettext_lazy("The day of the van, for example. Empty: whenever."),
        required=False,
    )
    ward = forms.ChoiceField(label=gettext_lazy("Ward"), required=False)
    way = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[
            ("", gettext_lazy("Bring and take away")),
            ("bring", gettext_lazy("Bring")),
            ("fetch", gettext_lazy("Take away what is given back")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = [(ward.code, ward.name) for ward in wards_with_stops()]
        self.fields["ward"].choices = [("", _("Any")), *wards]  # type: ignore[attr-defined]

    def filters(self) -> StopFilters:
        chosen = self.cleaned_data
        return StopFilters(promised_by=chosen["by"], ward=chosen["ward"], way=chosen["way"])


class SettleForm(forms.Form):
    result = forms.ChoiceField(
        label=gettext_lazy("What became of them?"),
        widget=forms.RadioSelect,
        choices=[
            ("done", ChoiceLabel(gettext_lazy("Delivered, or taken away"))),
            (
                "not",
                ChoiceLabel(
                    gettext_lazy("We came, but could not"), hint=gettext_lazy("They are asked to order again.")
                ),
            ),
        ],
        error_messages={"required": gettext_lazy("Choose what became of them.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What the customers read"),
        help_text=gettext_lazy(
            "Leave it empty to send each the usual sentence. Everybody whom you chose reads the same: write no names."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
