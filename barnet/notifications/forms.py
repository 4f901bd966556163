"""What staff may ask of the outbox."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.references import InvalidReferenceError, parse_reference
from barnet.notifications.enums import MessageState
from barnet.notifications.selectors import kind_choices


class OutboxFilterForm(forms.Form):
    mark_optional = False

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*reversed(MessageState.choices), ("all", _("All"))]
    )
    kind = forms.ChoiceField(label=_("Kind of message"), required=False)
    about = forms.CharField(
        label=_("Request reference"), required=False, max_length=40, help_text=_("For example, BAR-7K3M-29QD")
    )
    address = forms.CharField(label=_("E-mail address"), required=False, max_length=254)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choices = [("", _("All kinds")), *kind_choices()]  # type: ignore[attr-defined]

    def clean_state(self) -> str:
        """Without a choice the list shows what gave up: that is what somebody must look after."""
        state = self.cleaned_data["state"] or MessageState.PARKED
        return "" if state == "all" else state

    def clean_about(self) -> str:
        typed = self.cleaned_data["about"]
        try:
            return parse_reference(typed) if typed else ""
        except InvalidReferenceError:
            raise forms.ValidationError(_("Enter a reference such as BAR-7K3M-29QD.")) from None


class ResendForm(forms.Form):
    """The chosen rows. What is not a message, or no longer given up, is passed over."""

    messages = forms.MultipleChoiceField(
        label=_("Messages"), error_messages={"required": _("Select at least one message to send again.")}
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["messages"].valid_value = lambda text: True  # type: ignore[attr-defined]

    def clean_messages(self) -> list[uuid.UUID]:
        return [key for key in map(_uuid, self.cleaned_data["messages"][:MOST_AT_ONCE]) if key]


MOST_AT_ONCE = 100


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class MailboxSearchForm(forms.Form):
    mark_optional = False

    to = forms.CharField(label=_("Sent to"), required=False, max_length=254)
