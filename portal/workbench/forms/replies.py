"""The choice of a ready reply, above the form that it fills. It changes nothing: the choice stands in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.cases.selectors import Reply


class ReplyForm(forms.Form):
    mark_optional = False

    reply = forms.ChoiceField(
        label=_("Ready reply"),
        help_text=_("You can change the words before you send them."),
        required=False,
        error_messages={"invalid_choice": _("This reply does not fit this request. Choose another.")},
    )

    def __init__(self, *args: Any, replies: Sequence[Reply], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replies = {str(reply.pk): reply for reply in replies}
        field = self.fields["reply"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("My own words")), *((key, reply.name) for key, reply in self.replies.items())]

    def chosen(self) -> Reply | None:
        """What does not fit this request chooses nothing."""
        return self.replies.get(self.cleaned_data["reply"]) if self.is_valid() else None
