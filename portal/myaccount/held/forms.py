from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.customers.needs import IN_WORDS, Need, NeedKind
from barnet.kit.submission import SubmissionKeyMixin


class NeedsForm(forms.Form):
    """What somebody needs; also filled in by staff for a caller."""

    mark_optional = False

    needs = forms.MultipleChoiceField(
        label=_("What do you need?"),
        choices=NeedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list")},
    )
    agreed = forms.BooleanField(
        label=_("Staff who deal with me may see this"),
        required=False,
    )
    field_order = ["needs", "interpreter", "other", "agreed"]

    def __init__(self, *args: Any, held: list[Need], **kwargs: Any) -> None:
        initial = {"needs": [need.kind for need in held], "agreed": bool(held)}
        initial |= {need.kind: need.words for need in held if need.words}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for kind, question in IN_WORDS.items():
            self.fields[str(kind)] = forms.CharField(
                label=question,
                help_text=_("Only if you chose “%(need)s”.") % {"need": kind.label},
                max_length=200,
                required=False,
                error_messages={"max_length": _("Use 200 characters or fewer. You typed %(show_value)d.")},
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in IN_WORDS:
            if kind in cleaned.get("needs", []) and not cleaned.get(kind) and kind not in self.errors:
                self.add_error(str(kind), _("Write it in a few words"))
        if cleaned.get("needs") and not cleaned.get("agreed"):
            self.add_error("agreed", _("Without this we cannot keep it: nobody could see it"))
        return cleaned

    @property
    def told(self) -> dict[str, str]:
        answers = self.cleaned_data
        return {kind: answers[kind] if kind in IN_WORDS else "" for kind in answers["needs"]}


class AskForm(SubmissionKeyMixin, forms.Form):
    WHAT = [
        ("correct", _("Put something right")),
        ("erase", _("Erase something")),
        ("stop", _("Stop using something")),
        ("copy", _("A copy of what is not in the file")),
        ("explain", _("Explain something")),
    ]
    what = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=WHAT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask for")},
    )
    words = forms.CharField(
        label=_("What is it about?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Tell us what it is about"),
            "max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d."),
        },
    )
