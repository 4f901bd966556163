"""The question what somebody needs, for My Account and for the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.customers.reaching.needs import IN_WORDS, Need, NeedKind


class NeedsForm(forms.Form):
    """What somebody needs, told by themselves, or to staff (`about_them`) who ask whether they agree."""

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

    def __init__(self, *args: Any, held: list[Need], about_them: bool = False, **kwargs: Any) -> None:
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
        if about_them:
            self.fields["needs"].label = _("What do they need?")
            self.fields["agreed"].label = _("They agree that staff who deal with them see this")
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
