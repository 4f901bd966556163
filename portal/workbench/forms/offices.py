"""Deciding about deliveries that were given up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.cases.models import BackOffice


class OfficeFilterForm(forms.Form):
    mark_optional = False

    office = forms.ModelChoiceField(
        BackOffice.objects.all(),
        label=_("Back office"),
        required=False,
        to_field_name="slug",
        empty_label=_("Any"),
    )


class DecideForm(forms.Form):
    AGAIN, BY_HAND = "again", "by_hand"
    NOTHING_CHOSEN = _("Tick what you decide about.")

    what = forms.ChoiceField(
        label=_("What becomes of those that are ticked?"),
        choices=[(AGAIN, _("Send them again")), (BY_HAND, _("Leave them out: dealt with by hand"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of them.")},
    )
    why = forms.CharField(
        label=_("How it was dealt with"),
        help_text=_("When you leave them out. It stands in the notes of each request."),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("what") == self.BY_HAND and not answers.get("why", "").strip():
            self.add_error("why", _("Write how it was dealt with."))
        return answers
