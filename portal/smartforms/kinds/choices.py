"""Questions that are answered by choosing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.fields import ChoiceLabel
from portal.smartforms.definition.model import Option, Question
from portal.smartforms.kinds.registry import YES_NO, Asking, Family, Kind, common, kind_of


def _choices(question: Question) -> list[tuple[str, Any]]:
    options = kind_of(question).options(question)
    return [(option.value, ChoiceLabel(option.label, hint=option.hint)) for option in options]


def _radios(question: Question, asking: Asking) -> forms.Field:
    return forms.ChoiceField(**common(question), choices=_choices(question), widget=forms.RadioSelect)


def _select(question: Question, asking: Asking) -> forms.Field:
    return forms.ChoiceField(**common(question), choices=[("", ""), *_choices(question)])


def _checkboxes(question: Question, asking: Asking) -> forms.Field:
    return forms.MultipleChoiceField(
        **common(question), choices=_choices(question), widget=forms.CheckboxSelectMultiple
    )


def _declaration(question: Question, asking: Asking) -> forms.Field:
    """One box to tick: its label is what one declares."""
    return forms.MultipleChoiceField(
        label="", required=question.required, choices=[("yes", question.label)], widget=forms.CheckboxSelectMultiple
    )


KINDS = (
    Kind("yes_no", _("Yes or no"), Family.CHOICE, _radios, "", YES_NO),
    Kind("radios", _("One of a few"), Family.CHOICE, _radios, ""),
    Kind("select", _("One of many"), Family.CHOICE, _select, ""),
    Kind("checkboxes", _("Several of a list"), Family.TICKED, _checkboxes, ""),
    Kind("declaration", _("Declaration"), Family.TICKED, _declaration, "", (Option("yes", _("Yes")),)),  # type: ignore[arg-type]
)
