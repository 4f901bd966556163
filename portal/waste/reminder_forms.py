"""Which bins somebody wants to be told of, and where."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin
from portal.waste.enums import Stream


class RemindersForm(SubmissionKeyMixin, forms.Form):
    """Somebody who is signed in chooses bins, none of them to end it; a visitor names an e-mail address, too."""

    streams = forms.MultipleChoiceField(
        label=_("Which bins?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose the bins of which we shall remind you."),
            "invalid_choice": _("That bin cannot be chosen here. Choose from the list."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We first send a message there, to make sure that it is yours."),
        error_messages={"invalid": _("Enter an e-mail address, such as name@example.com.")},
    )

    def __init__(self, *args: Any, streams: Iterable[str], is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = set(streams)
        self.fields["streams"].choices = [(s.value, s.label) for s in Stream if s in offered]  # type: ignore[attr-defined]
        if is_known:
            del self.fields["email"]
            self.fields["streams"].required = False
