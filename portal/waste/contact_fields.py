"""How people say who they are and how to reach them, in every form about bins."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.cases.services import ContactDetails

_phone = RegexValidator(r"^\+?[0-9 ()\-.]{7,30}$", _("Enter a telephone number, such as 020 7946 0123."))


class ContactFields(forms.Form):
    """A form names its own hints; what else it asks stands before these questions."""

    hints: ClassVar[dict[str, Any]] = {}  # sentences, by field

    name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Enter an e-mail address, such as name@example.com.")},
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        max_length=30,
        required=False,
        validators=[_phone],
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in self.hints.items():
            self.fields[name].help_text = hint

    @property
    def contact(self) -> ContactDetails:
        answers = self.cleaned_data
        return ContactDetails(name=answers["name"], email=answers["email"], phone=answers["phone"])
