"""The small forms around the questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin


class StartForm(SubmissionKeyMixin, forms.Form):
    """One button: its key makes one draft. `text`: of the offer to use earlier answers again, when there is one."""

    again = forms.BooleanField(
        label=_("Use these answers again"),
        help_text=_("You see each of them on its page, and can change it."),
        required=False,
    )
    text = forms.IntegerField(widget=forms.HiddenInput, required=False)
    mark_optional = False

    def __init__(self, *args: Any, text: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = text
        if text is None:
            del self.fields["again"], self.fields["text"]
        else:
            self.initial["text"] = text.pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("again") and cleaned.get("text") != self.offered.pk:
            self.data = {**dict(self.data.items()), "text": self.offered.pk}
            self.add_error("again", _("The text changed since you opened the page. Read it again, then choose."))
        return cleaned


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
