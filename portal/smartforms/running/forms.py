"""The small forms around the questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin


class StartForm(SubmissionKeyMixin, forms.Form):
    """One button: its key makes one draft."""


class AnotherForm(forms.Form):
    """Is there one more thing in the group?"""

    another = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect)
    mark_optional = False

    def __init__(self, *args: Any, item: str, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Is there anything to add here?") if is_first else _("Do you want to add another %(item)s?")
        self.fields["another"].label = words % {"item": item}
        self.fields["another"].error_messages["required"] = _("Select yes if there is one more to add")


class SendForm(forms.Form):
    """The declaration, when the form has one."""

    def __init__(self, *args: Any, declaration: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if declaration:
            self.fields["declared"] = forms.BooleanField(
                label=declaration, error_messages={"required": _("Tick the box to say that this is true")}
            )


class SaveForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("We send you a link that leads back to your answers. It works once, and we can send you another."),
        error_messages={"required": _("Enter the email address that the link should go to")},
    )
