"""What people fill in about who may act for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.acting_for.inviting import Offer
from barnet.customers.enums import BusinessRole
from barnet.kit.dates import DateField
from barnet.kit.fields import ChoiceLabel
from barnet.kit.submission import SubmissionKeyMixin

EVERYTHING, SOME = "everything", "some"
EMAIL, LETTER = "email", "letter"


class LastDayForm(forms.Form):
    """`None` in `ends_on`: no end."""

    ends_on = DateField(
        label=_("Last day"),
        subject=_("The last day"),
        help_text=_("For example, 27 3 2027. Leave it empty if there is no end: you can end it at any time."),
        required=False,
    )


class ScopeForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("What may they do for you?"),
        choices=[
            (EVERYTHING, _("Everything that I can do here, except what is mine alone")),
            (SOME, _("Only the services that I choose below")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they may do for you")},
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.filter(live=True),
        label=_("Services"),
        required=False,
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose services from the list"), "invalid_pk_value": _("Choose again")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("scope") == SOME and not cleaned.get("services") and "services" not in self.errors:
            self.add_error("services", _("Choose at least one service"))
        return cleaned

    @property
    def chosen(self) -> list[Service] | None:
        """None: every service."""
        return None if self.cleaned_data["scope"] == EVERYTHING else list(self.cleaned_data["services"])


class _WhomForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField(
        label=_("Their name"),
        max_length=150,
        error_messages={"required": _("Enter the name of the person"), "max_length": _("Use a shorter name")},
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Enter their e-mail address"),
            "invalid": _("Enter an e-mail address in the form name@example.com"),
            "max_length": _("Enter an e-mail address in the form name@example.com"),
        },
        widget=forms.EmailInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )


class InviteForm(_WhomForm, ScopeForm, LastDayForm):
    """By e-mail, or by a code that is printed or written down."""

    way = forms.ChoiceField(
        label=_("How do you want to invite them?"),
        choices=[
            (EMAIL, ChoiceLabel(_("By e-mail"), hint=_("They sign in with that address, and accept."))),
            (
                LETTER,
                ChoiceLabel(
                    _("By a letter with a code"),
                    hint=_("You print the page that follows, or write the code down. They sign in with any address."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you want to invite them")},
    )
    field_order = ["name", "way", "email", "scope", "services", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].help_text = _("Only for an invitation by e-mail.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("way") == EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter their e-mail address"))
        return cleaned

    @property
    def offer(self) -> Offer:
        answers = self.cleaned_data
        email = answers["email"] if answers["way"] == EMAIL else ""
        return Offer(email=email, name=answers["name"], services=self.chosen, ends_on=answers["ends_on"])


class ColleagueForm(_WhomForm, LastDayForm):
    role = forms.ChoiceField(
        label=_("What may they do?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they may do")},
    )
    field_order = ["name", "email", "role", "ends_on"]

    HINTS = {
        BusinessRole.OWNER: _("Everything, and looks after the people of the business"),
        BusinessRole.MANAGER: _("Everything, and looks after the people of the business, but not its owners"),
        BusinessRole.MAY_PAY: _("Reads the requests, and pays"),
        BusinessRole.MAY_READ: _("Reads the requests"),
    }

    def __init__(self, *args: Any, roles: list[BusinessRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (str(role), ChoiceLabel(role.label, hint=self.HINTS[role])) for role in roles
        ]

    @property
    def offer(self) -> Offer:
        answers = self.cleaned_data
        return Offer(email=answers["email"], name=answers["name"], role=answers["role"], ends_on=answers["ends_on"])


class BusinessForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField(
        label=_("Name of the business"),
        max_length=150,
        error_messages={"required": _("Enter the name of the business"), "max_length": _("Use a shorter name")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Ten letters and digits. Capitals and spaces do not matter."),
        max_length=40,
        error_messages={"required": _("Enter the code"), "max_length": _("The code has ten letters and digits")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    postcode = forms.CharField(
        label=_("Postcode of the person who gave you the code"),
        max_length=20,
        error_messages={"required": _("Enter their postcode"), "max_length": _("Enter a postcode, such as EN5 1AA")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class EndForm(forms.Form):
    mark_optional = True

    reason = forms.CharField(
        label=_("Why does it end?"),
        help_text=_("The other side reads it."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Use 300 characters or fewer. You typed %(show_value)d.")},
    )
