"""Who may act for whom, as staff record, prolong and end it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.acting_for.delegating import STAFF_KINDS
from barnet.customers.models import Customer
from barnet.kit.dates import DateField
from portal.workbench.forms.acts import PhotoField

EVERYTHING, SOME = "everything", "some"


def _words(label: Any, help_text: Any, required: Any, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": required,
            "max_length": _("Use %(limit_value)d characters or fewer. You have used %(show_value)d."),
        },
    )


class RecordAuthorityForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the person who will act"),
        help_text=_("The address with which they sign in. They register first."),
        max_length=254,
        error_messages={
            "required": _("Write the e-mail address with which they sign in."),
            "invalid": _("Write an e-mail address in the correct form, such as name@example.com."),
        },
    )
    kind = forms.ChoiceField(
        label=_("By which right?"),
        choices=[(kind, kind.label) for kind in STAFF_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose by which right they act.")},
    )
    born_on = DateField(
        label=_("Date of birth of the child"),
        subject=_("The date of birth"),
        help_text=_("Only for a parent or guardian: their authority ends at 18."),
        required=False,
    )
    died_on = DateField(
        label=_("Day of death"),
        subject=_("The day of death"),
        help_text=_("Only for an executor. We then stop writing to the person who died, and end what others may do."),
        required=False,
    )
    scope = forms.ChoiceField(
        label=_("For what?"),
        choices=[(EVERYTHING, _("Every service")), (SOME, _("Only the services chosen below"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for what they may act.")},
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.filter(live=True),
        label=_("Services"),
        required=False,
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose services from the list."), "invalid_pk_value": _("Choose again.")},
    )
    starts_on = DateField(
        label=_("First day"), subject=_("The first day"), help_text=_("Empty: today."), required=False
    )
    ends_on = DateField(label=_("Last day"), subject=_("The last day"), help_text=_("Empty: no end."), required=False)
    evidence = _words(
        _("What did you see or hear as evidence?"),
        _("Which paper, who signed it, which register. Both sides read it."),
        _("Write what you saw or heard."),
        500,
    )
    reason = _words(
        _("Why do you record it for them?"),
        _("For example, that they cannot use a screen."),
        _("Write why you record it for them."),
        300,
    )
    document = PhotoField(
        label=_("Photo or scan of the paper"),
        help_text=_("Staff see it, nobody else."),
        required=False,
        error_messages={"empty": _("The file is empty. Choose another photo."), "invalid": _("Choose the file again.")},
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self.delegate = Customer.objects.filter(user__email=email, user__is_active=True).first()
        if self.delegate is None:
            raise forms.ValidationError(
                _("Nobody signs in with this address. They register first, then you record it.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("scope") == SOME and not cleaned.get("services") and "services" not in self.errors:
            self.add_error("services", _("Choose at least one service."))
        return cleaned

    @property
    def chosen(self) -> list[Service] | None:
        """None: every service."""
        return None if self.cleaned_data["scope"] == EVERYTHING else list(self.cleaned_data["services"])


class EndAuthorityForm(forms.Form):
    reason = _words(_("Why does it end?"), _("Both sides read it."), _("Write why it ends: both sides read it."), 300)


class RenewAuthorityForm(forms.Form):
    ends_on = DateField(label=_("Last day"), subject=_("The last day"), help_text=_("Empty: no end."), required=False)
