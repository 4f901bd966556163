"""Finding an address, and deciding about one that somebody typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.selectors import address_by_uprn


class FindAddressForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label=_("Find an address"),
        help_text=_(
            "Postcode, house number and street, a former name, or UPRN. Planned and ended addresses are listed, too."
        ),
        required=False,
        max_length=200,
    )

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if text and len(text) < 3:
            raise forms.ValidationError(_("Write at least three signs of the postcode, street, name or UPRN."))
        return text


class DecisionForm(forms.Form):
    mark_optional = False

    decision = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(state.value, state.label) for state in ReportState if state != ReportState.NEW],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is")},
    )
    uprn = forms.CharField(
        label=_("UPRN of the right address"),
        help_text=_("Leave it empty if you refuse."),
        required=False,
        max_length=12,
    )
    reason = forms.CharField(label=_("Reason, if you refuse"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["address"] = None
        if cleaned.get("decision") == ReportState.REFUSED:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why it is no address of ours"))
        elif cleaned.get("decision"):
            cleaned["address"] = address_by_uprn(cleaned.get("uprn") or "")
            if not cleaned["address"] and "uprn" not in self.errors:
                self.add_error("uprn", _("Enter the UPRN of an address that is in use"))
            cleaned["reason"] = cleaned.get("reason") or ""
        return cleaned
