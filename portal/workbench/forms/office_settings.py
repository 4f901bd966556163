"""What an administrator sets of a back office."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.kit.act_forms import VersionForm
from barnet.kit.submission import SubmissionKeyMixin
from portal.cases.delivery.kinds import kinds
from portal.cases.models import BackOffice

_TAKEN = {"new", "given-up", "files"}  # pages of ours stand there
_LONGEST_OPTIONS = 5000
AT_ONCE, LATER = "at-once", "later"


class OfficeForm(VersionForm):
    """`office`: the one that is set, or a new one. What only its kind can tell is checked when it is saved."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Staff read it, and so do people: in what they are told of their request, and in what we hold."),
        max_length=80,
        error_messages={"required": _("Enter a name."), "max_length": _("Use %(limit_value)d characters or fewer.")},
    )
    kind = forms.ChoiceField(
        label=_("How is it told?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it is told."), "invalid_choice": _("Choose how it is told.")},
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_("Where it takes calls, with https:// at its beginning. Leave it empty for a file each night."),
        max_length=500,
        required=False,
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer.")},
    )
    key_of_theirs = forms.CharField(
        label=_("Their key"),
        help_text=_(
            "Only for Open311: the api_key that they gave us. It is not shown again. Empty: it stays as it is."
        ),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer.")},
    )
    hears_contact = forms.BooleanField(label=_("It hears name, e-mail and telephone of who asked"), required=False)
    services = forms.ModelMultipleChoiceField(
        label=_("Services"),
        help_text=_("It hears of every request of these from now on; of earlier ones what happens from now on."),
        queryset=Service.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list."), "invalid_pk_value": _("Choose from the list.")},
    )
    options = forms.CharField(
        label=_("Options"),
        help_text=_("Only for Open311: one a line, as name=value. The page for operators lists them."),
        max_length=_LONGEST_OPTIONS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer.")},
    )
    is_active = forms.BooleanField(
        label=_("It is used"),
        help_text=_("Not used, nothing is noted for it. To stop sending for a while, hold it instead."),
        required=False,
    )

    def __init__(self, *args: Any, office: BackOffice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds()]  # type: ignore[attr-defined]
        self.order_fields(["slug", *self.fields])

    @classmethod
    def initial_of(cls, office: BackOffice) -> dict[str, Any]:
        return {
            **{
                name: getattr(office, name) for name in ("name", "kind", "url", "hears_contact", "is_active", "version")
            },
            "services": [service.pk for service in office.services.all()] if office.pk else [],
            "options": "\n".join(f"{name}={value}" for name, value in sorted(office.options.items())),
        }

    def clean_options(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in filter(str.strip, self.cleaned_data["options"].splitlines()):
            name, _equals, value = (part.strip() for part in line.partition("="))
            if not (name and value):
                raise ValidationError(_("Write each option on a line of its own, as name=value."))
            found[name] = value
        return found

    def wanted(self) -> BackOffice:
        """The office with what was said, not saved."""
        for name in ("name", "kind", "url", "hears_contact", "is_active", "options"):
            setattr(self.office, name, self.cleaned_data[name])
        return self.office

    def refuse(self, wrong: ValidationError) -> None:
        for field, sentences in wrong.message_dict.items():
            self.add_error(field if field in self.fields else None, sentences)  # type: ignore[arg-type]


class NewOfficeForm(SubmissionKeyMixin, OfficeForm):
    slug = forms.CharField(
        label=_("Short name"),
        help_text=_("Small letters, figures and hyphens, for addresses and files. It never changes."),
        max_length=50,
        validators=[validate_slug],
        error_messages={
            "required": _("Enter a short name."),
            "max_length": _("Use %(limit_value)d characters or fewer."),
        },
    )

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in _TAKEN or BackOffice.objects.filter(slug=slug).exists():
            raise ValidationError(_("Choose another short name: this one is taken."))
        return slug

    def wanted(self) -> BackOffice:
        self.office.slug = self.cleaned_data["slug"]
        return super().wanted()


class SecretForm(SubmissionKeyMixin, forms.Form):
    ends = forms.ChoiceField(
        label=_("When does the one before end?"),
        choices=[
            (LATER, _("In 24 hours: they have time to put the new one in")),
            (AT_ONCE, _("At once: somebody else may know it. Until they put the new one in, calls are refused")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose when the one before ends."),
            "invalid_choice": _("Choose when the one before ends."),
        },
    )


class TryForm(SubmissionKeyMixin, forms.Form):
    pass
