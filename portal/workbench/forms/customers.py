"""Finding, meeting and serving somebody who calls or visits."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.alerting.placing import LONGEST
from barnet.customers.models import AlertKind, Customer, User
from barnet.kit.dates import DateField
from barnet.kit.submission import SubmissionKeyMixin
from portal.workbench.forms.acts import SERVED_CHANNELS


class FindForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label=_("Find a customer"),
        help_text=_("Name, e-mail address, telephone number or postcode. At least three signs."),
        required=False,
        max_length=100,
    )

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if text and len(text) < 3:
            raise forms.ValidationError(_("Write at least three signs of what you look for."))
        return text


class SearchForm(FindForm):
    q = forms.CharField(
        label=_("Search for a person, an address or a request"),
        help_text=_("Name, telephone, e-mail, postcode, address, UPRN, reference, or registration of a vehicle."),
        required=False,
        max_length=100,
    )


class NewCustomerForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("Leave it empty if they do not want to say."),
        required=False,
        max_length=150,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write an e-mail address in the correct form, such as name@example.com.")},
    )
    phone = forms.CharField(
        label=_("Telephone number"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    is_somebody_else = forms.BooleanField(label=_("It is somebody else: make a new record"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: list[Customer] = []

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        digits = sum(sign.isdigit() for sign in phone)
        if phone and (digits < 7 or not set(phone) <= set("0123456789 +-()")):
            raise forms.ValidationError(_("Write a telephone number with at least 7 digits, such as 020 7946 0123."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        email, key = cleaned.get("email"), cleaned.get("submission_key")
        if email and key and not cleaned.get("is_somebody_else"):
            others = Customer.objects.known().exclude(submission_key=key)
            self.known = list(others.filter(email__iexact=email).select_related("address")[:5])
            if self.known:
                self.add_error("email", _("We already know somebody with this e-mail address. Choose them below."))
        return cleaned


class ChannelForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How are they in touch?"),
        choices=SERVED_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they are in touch.")},
    )


class AlertForm(SubmissionKeyMixin, forms.Form):
    kind = forms.ChoiceField(
        label=_("What must staff know?"),
        choices=AlertKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what staff must know.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("What happened, and when. Write it so that the customer may read it: they can ask for a copy."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        error_messages={
            "required": _("Write what happened."),
            "max_length": _("Use 300 characters or fewer. You have used %(show_value)s."),
        },
    )
    review_on = DateField(label=_("Look at it again on"), subject=_("The day on which you look at it again"))
    expires_on = DateField(
        label=_("Show it until"), subject=_("The last day"), help_text=_("A year at most. Then it vanishes by itself.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        review, last, today = cleaned.get("review_on"), cleaned.get("expires_on"), timezone.localdate()
        if review and review < today:
            self.add_error("review_on", _("Choose today or a later day."))
        if last and not today <= last <= today + LONGEST:
            self.add_error("expires_on", _("Choose a day from today on, at most a year ahead."))
        elif review and last and review > last:
            self.add_error("review_on", _("Look at it again before it vanishes."))
        return cleaned


class EndAlertForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"),
        max_length=300,
        error_messages={"required": _("Write why it ends.")},
    )


class MergeForm(forms.Form):
    reason = forms.CharField(
        label=_("How do you know that it is one person?"),
        max_length=300,
        error_messages={"required": _("Write how you know that it is one person.")},
    )


class WithholdForm(forms.Form):
    reader = forms.EmailField(
        label=_("E-mail address of who investigates"),
        max_length=254,
        error_messages={"required": _("Write the e-mail address of a member of staff.")},
    )
    ground = forms.CharField(
        label=_("On which ground?"),
        help_text=_("Such as: Data Protection Act 2018, schedule 2, paragraph 2; and the number of the investigation."),
        max_length=300,
        error_messages={"required": _("Write on which ground.")},
    )
    until_on = DateField(
        label=_("Until"),
        subject=_("The last day"),
        help_text=_("A year at most. A day that is over ends it, and they are told of all of it."),
    )

    def clean_reader(self) -> User:
        reader = User.objects.filter(email=self.cleaned_data["reader"].lower(), is_staff=True).first()
        if reader is None:
            raise forms.ValidationError(_("No member of staff has this e-mail address."))
        return reader

    def clean_until_on(self) -> dt.date:
        last: dt.date = self.cleaned_data["until_on"]
        if last > timezone.localdate() + LONGEST:
            raise forms.ValidationError(_("Choose a day at most a year ahead."))
        return last
