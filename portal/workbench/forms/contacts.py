"""Noting a contact in ten seconds, and finding it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel
from barnet.kit.submission import SubmissionKeyMixin
from portal.cases.enums import ContactOutcome
from portal.cases.models import ContactReason
from portal.cases.selectors import ContactFilters
from portal.cases.services import Noted

LOGGED_CHANNELS = [(channel, channel.label) for channel in Channel if channel not in {Channel.WEB, Channel.SYSTEM}]
USUAL, YES, NO = "", "yes", "no"


class ContactForm(SubmissionKeyMixin, forms.Form):
    """A reason and a channel are enough; everything else has the answer that is right most of the time."""

    reason = forms.ModelChoiceField(
        ContactReason.objects.filter(is_offered=True),
        label=_("Why were they in touch?"),
        empty_label=_("Choose a reason"),
        error_messages={"required": _("Choose why they were in touch.")},
    )
    channel = forms.ChoiceField(
        label=_("How were they in touch?"),
        choices=LOGGED_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they were in touch.")},
    )
    summary = forms.CharField(
        label=_("In a few words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Use 300 characters or fewer. You have used %(show_value)s.")},
    )
    is_settled = forms.BooleanField(label=_("Resolved at this first contact"), required=False, initial=True)
    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=ContactOutcome.choices, initial=ContactOutcome.ANSWERED
    )
    avoidable = forms.ChoiceField(
        label=_("Could it have been avoided?"),
        required=False,
        choices=[(USUAL, _("As is usual for the reason")), (YES, _("Yes")), (NO, _("No"))],
    )
    service = forms.ModelChoiceField(
        Service.objects.filter(live=True),
        label=_("About which service?"),
        required=False,
        to_field_name="slug",
        empty_label=_("None of these, or several"),
    )
    field_order = ["reason", "channel", "summary", "is_settled", "outcome", "avoidable", "service"]

    def noted(self) -> Noted:
        answers = self.cleaned_data
        return Noted(
            reason=answers["reason"],
            outcome=answers["outcome"],
            is_settled=answers["is_settled"],
            is_avoidable={USUAL: None, YES: True, NO: False}[answers["avoidable"]],
            caller=answers.get("caller", ""),
        )

    def words(self) -> str:
        return self.cleaned_data["summary"] or str(self.cleaned_data["reason"])


class UnknownCallerForm(ContactForm):
    caller = forms.CharField(
        label=_("Who they said they are"),
        help_text=_("A name, a number to call back, or nothing. You can find their record later."),
        required=False,
        max_length=150,
    )
    field_order = ["reason", "channel", "caller", *ContactForm.field_order[2:]]


class ContactFilterForm(forms.Form):
    mark_optional = False

    of = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("Any")), ("nobody", _("Unknown callers"))])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("Any")), *Channel.choices])
    reason = forms.ModelChoiceField(
        ContactReason.objects.all(), label=_("Reason"), required=False, empty_label=_("Any")
    )

    def filters(self) -> ContactFilters:
        """Call it on a valid form only."""
        chosen: dict[str, Any] = self.cleaned_data
        return ContactFilters(is_nobodys=bool(chosen["of"]), channel=chosen["channel"], reason=chosen["reason"])
