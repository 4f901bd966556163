"""The questions about how somebody wants to be reached: asked of themselves in My Account, and of staff for them."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import ContactKind, MessageChannel, Topic
from barnet.customers.models import ChannelPreference
from barnet.customers.reaching.phones import normalised_phone, phone_kind
from barnet.kit.fields import ChoiceLabel
from barnet.notifications.channels import is_offered

ORDER = ["first", "second", "third"]
_HOURS = [("", _("None")), *[(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]]
_NOBODY = _("Choose how we reach you first, or leave all empty for My Account only.")


def offered_channels(topic: str) -> list[tuple[str, Any]]:
    return [(c.value, c.label) for c in MessageChannel if c != MessageChannel.INBOX and is_offered(c)]


class PointForm(forms.Form):
    """An e-mail address, a number, or a postal address: `value` is normalised, `kind` is what it turned out to be."""

    kind = forms.ChoiceField(
        label=_("What do you want to add?"),
        choices=[
            (ContactKind.EMAIL, _("E-mail address")),
            ("phone", _("Telephone number")),
            (ContactKind.POSTAL, ChoiceLabel(_("Postal address"), hint=_("Where letters go, if not to your home"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to add")},
    )
    value = forms.CharField(
        label=_("Address or number"),
        help_text=_("A postal address in lines, the postcode last."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={"required": _("Enter the address or number")},
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind, typed = found.get("kind"), found.get("value", "").strip()
        if kind and typed:
            found["kind"], found["value"] = _normalised(kind, typed)
        return found


def _normalised(kind: str, typed: str) -> tuple[str, str]:
    if kind == ContactKind.EMAIL:
        email = typed.lower()
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError({"value": _("Enter an e-mail address in the form name@example.com")}) from None
        if len(email) > 254:
            raise ValidationError({"value": _("Enter an e-mail address in the form name@example.com")})
        return kind, email
    if kind == "phone":
        number = normalised_phone(typed)
        if not number:
            raise ValidationError({"value": _("Enter a telephone number, such as 020 7946 0123 or 07700 900123")})
        return phone_kind(number), number
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not 2 <= len(lines) <= 6:
        raise ValidationError({"value": _("Enter the address in two to six lines, the postcode last")})
    return kind, "\n".join(lines)


class ReasonMixin(forms.Form):
    """Staff say why: the person reads it in their account."""

    reason = forms.CharField(
        label=_("Why do you change it?"),
        help_text=_("For example: asked on the telephone. The person reads it in their account."),
        max_length=200,
        error_messages={"required": _("Say why you change it")},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Enter the code"), "max_length": _("Enter the six digits of the code")},
    )


class TopicForm(forms.Form):
    """The channels in order as three questions, so that no script is needed to sort them."""

    first = forms.ChoiceField(label=_("Tell me by"), required=False)
    second = forms.ChoiceField(label=_("If that fails"), required=False)
    third = forms.ChoiceField(label=_("And then"), required=False)
    is_digest = forms.BooleanField(
        label=_("What can wait comes once a day, in one message"), required=False, label_suffix=""
    )
    quiet_from = forms.ChoiceField(
        label=_("Do not disturb me from"),
        choices=_HOURS,
        required=False,
        help_text=_("What is urgent comes all the same. Without a choice, no text message comes from 21:00 to 08:00."),
    )
    quiet_until = forms.ChoiceField(label=_("Until"), choices=_HOURS, required=False)

    mark_optional = False

    def __init__(self, *args: Any, topic: str, preference: ChannelPreference | None, **kwargs: Any) -> None:
        self.topic = topic
        super().__init__(*args, **{**kwargs, "initial": _initial(preference)})
        for name in ORDER:
            self.fields[name].choices = [("", _("Nothing else")), *offered_channels(topic)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = [found.get(name) for name in ORDER]
        channels = [channel for channel in chosen if channel]
        if len(set(channels)) < len(channels):
            self.add_error("second", _("Choose each way once"))
        if channels and not found.get("first"):
            self.add_error("first", _NOBODY)
        if self.topic == Topic.ACCOUNT and MessageChannel.EMAIL not in channels:
            self.add_error("first", _("Keep e-mail: about your account and sign-in we must be able to warn you"))
        start, end = found.get("quiet_from"), found.get("quiet_until")
        if bool(start) != bool(end):
            self.add_error("quiet_until" if start else "quiet_from", _("Choose both times, or neither"))
        elif start and start == end:
            self.add_error("quiet_until", _("Choose two different times"))
        return found

    def answers(self) -> dict[str, Any]:
        """For `contacts.set_preference`."""
        found = self.cleaned_data
        hours = (found["quiet_from"], found["quiet_until"])
        return {
            "channels": [found[name] for name in ORDER if found[name]],
            "is_digest": found["is_digest"],
            "quiet": (dt.time.fromisoformat(hours[0]), dt.time.fromisoformat(hours[1])) if all(hours) else None,
        }


def _initial(preference: ChannelPreference | None) -> dict[str, Any]:
    if preference is None:
        return {"first": MessageChannel.EMAIL}
    quiet = [preference.quiet_from, preference.quiet_until]
    return {
        **dict(zip(ORDER, preference.channels, strict=False)),
        "is_digest": preference.is_digest,
        "quiet_from": quiet[0].strftime("%H:%M") if quiet[0] else "",
        "quiet_until": quiet[1].strftime("%H:%M") if quiet[1] else "",
    }


class PointForSomebodyForm(ReasonMixin, PointForm):
    is_confirmed = forms.BooleanField(
        label=_("The person has read it back to me, and it is theirs"), required=False, label_suffix=""
    )

    field_order = ["kind", "value", "is_confirmed", "reason"]


class TopicForSomebodyForm(ReasonMixin, TopicForm):
    field_order = [*ORDER, "is_digest", "quiet_from", "quiet_until", "reason"]


class LiftForm(ReasonMixin):
    pass
