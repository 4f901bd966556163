"""An address of the gazetteer by its UPRN, or one that is not listed, as it was typed.

Three rounds on the page of the question: look for it, choose it, or type it. It asks the database, and is registered
when the apps are ready.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.picker import NOT_LISTED, PickerResult, pick, search_again
from barnet.kit.fields import FieldView
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.composed import Parts, Sent, ThingKind, part_errors
from portal.smartforms.kinds.registry import ASK_MORE, Asking, Family, common


@dataclass
class _Kept(PickerResult):
    """An answer that was given before."""

    uprn: str = ""


class _AddressWidget(Parts):
    template = "smartforms/kinds/address.html"

    def context(self, view: FieldView) -> dict[str, Any]:
        field: Any = view.bound.field
        picked = field.shown_picker(view.bound)
        uprn = str(picked.address.pk) if picked.address else getattr(picked, "uprn", "")
        text = picked.address.one_line if picked.address else picked.typed
        return {"prefix": view.bound.html_name, "picked": picked, "uprn": uprn or NOT_LISTED, "text": text}

    def first_target(self, bound: BoundField) -> str:
        field: Any = bound.field
        is_done = field.shown_picker(bound).is_done
        return f"id_{bound.html_name}-change" if is_done else super().first_target(bound)


class AddressField(forms.Field):
    widget = _AddressWidget
    picked: PickerResult | None = None

    def clean(self, value: Any) -> Any:
        sent = value if isinstance(value, Sent) else Sent.nothing()
        picked = self.picked = pick(sent.data, prefix=sent.name, optional=not self.required)
        if picked.is_settled:
            return self.value_of(picked)
        if picked.step == "search" and not picked.form.is_bound and not picked.is_asking:
            if not self.required:
                return None
            picked = self.picked = search_again(sent.name, nothing_typed=True)
        raise ValidationError([*part_errors(picked.form), *_more(picked)])

    @staticmethod
    def value_of(picked: PickerResult) -> dict[str, str]:
        if picked.address:
            return {"uprn": str(picked.address.pk), "text": picked.address.one_line}
        return {"uprn": "", "text": picked.typed}

    def shown_picker(self, bound: BoundField) -> PickerResult:
        """Where the search stands: after what was sent, else with the answer that the field shows."""
        if bound.form.is_bound and bound.form.errors is not None and self.picked is not None:
            return self.picked
        value = bound.value()
        first = search_again(bound.html_name)
        if isinstance(value, dict) and value.get("text"):
            return _Kept(first.form, "search", typed=value["text"], uprn=value.get("uprn") or "")
        return first

    def shown_form(self, bound: BoundField) -> forms.Form:
        return self.shown_picker(bound).form

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _more(picked: PickerResult) -> list[ValidationError]:
    """Another round, unless the page's own button was pressed and something is wrong."""
    if picked.is_asking or not picked.form.errors:
        return [ValidationError(_("Choose the address"), code=ASK_MORE)]
    return []


@dataclass(frozen=True)
class _Address(ThingKind):
    def from_json(self, kept: Any) -> Any:
        found = super().from_json(kept)
        if found.keys() != {"uprn", "text"}:
            raise ValueError("A uprn, perhaps empty, and a text are needed here.")
        return found

    def in_words(self, question: Question, value: Any) -> str:
        return value.get("text", "")

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        if value["uprn"]:
            return {f"{name}-uprn": [value["uprn"]]}
        return {f"{name}-uprn": [NOT_LISTED], f"{name}-address_text": [value["text"]]}


def _field(question: Question, asking: Asking) -> forms.Field:
    return AddressField(**common(question))


EXAMPLE = {"uprn": "", "text": "12 High Street, Barnet, EN5 1AA"}
KINDS = (_Address("address", _("Address"), Family.THING, _field, EXAMPLE),)
