"""Questions with controls of their own: a name in two boxes, a table of choices, an address in several rounds.

Inside such a field is a small form of Django's, whose fields are named `question-part`. It is checked, drawn and put
right like any form; the question's value is made of its answers. Errors stand at the part that they are about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString, mark_safe

from barnet.kit.fields import ComposedWidget, FieldView, draw_field, error_target, errors_with_targets
from barnet.kit.sentences import field_errors
from portal.smartforms.kinds.registry import ASK_MORE, Kind

PART = "part"  # the code of an error that stands at a part


@dataclass(frozen=True)
class Sent:
    """All that a browser sent, and the name of the question that looks for its parts there."""

    data: Any
    files: Any
    name: str

    @classmethod
    def nothing(cls) -> "Sent":
        return cls(MultiValueDict(), MultiValueDict(), "nothing")


class PartsForm(forms.Form):
    def __init__(self, *args: Any, parts: Mapping[str, forms.Field], **kwargs: Any) -> None:
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)
        self.fields.update(parts)


class Parts(ComposedWidget):
    """Draws the inner form of its field in a fieldset."""

    template = "smartforms/kinds/parts.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:  # type: ignore[override]
        return Sent(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def draw(self, view: FieldView) -> SafeString:
        own = self.own_errors_of(view.bound)
        view.errors = [{"id": f"{view.id}-error{at or ''}", "message": sentence} for at, sentence in enumerate(own)]
        return render_to_string(self.template, {"field": view, **self.context(view)})

    def context(self, view: FieldView) -> dict[str, Any]:
        inner = inner_form(view.bound)
        return {"controls": mark_safe("".join(self.controls(inner)))}  # noqa: S308 - drawn by the kit

    def controls(self, inner: forms.Form) -> Iterator[SafeString]:
        for part in inner:
            yield draw_field(part, label_size="", legend_size="")

    def errors_of(self, bound: BoundField) -> list[tuple[str, str]]:
        inner = inner_form(bound)
        at_parts = [error for part in inner if part.errors for error in errors_with_targets(part)]
        return [*((sentence, self.first_target(bound)) for sentence in self.own_errors_of(bound)), *at_parts]

    def own_errors_of(self, bound: BoundField) -> list[str]:
        """Those that stand at the question as a whole."""
        pairs = zip(field_errors(bound), bound.errors.as_data(), strict=True)
        return [sentence for sentence, error in pairs if error.code not in (PART, ASK_MORE)]

    def first_target(self, bound: BoundField) -> str:
        visible = inner_form(bound).visible_fields()
        return error_target(visible[0]) if visible else f"id_{bound.html_name}"


class ComposedField(forms.Field):
    """A subclass says which parts there are (`parts`), what their answers make (`value_of`), and the way back
    (`initial_of`). An optional question without any answer is empty; otherwise its required parts are needed."""

    widget = Parts
    inner: forms.Form | None = None

    def parts(self) -> dict[str, forms.Field]:
        raise NotImplementedError

    def value_of(self, answers: Mapping[str, Any]) -> Any:
        return {name: text for name, text in answers.items() if text}

    def initial_of(self, value: Any) -> dict[str, Any]:
        return dict(value) if isinstance(value, dict) else {}

    def check_together(self, form: forms.Form) -> None:
        """Adds errors that are about several parts."""

    def form_of(self, sent: Sent) -> forms.Form:
        return PartsForm(sent.data, sent.files, prefix=sent.name, parts=self.parts(), empty_permitted=not self.required)

    def form_with(self, value: Any, name: str) -> forms.Form:
        return PartsForm(prefix=name, parts=self.parts(), initial=self.initial_of(value))

    def clean(self, value: Any) -> Any:
        form = self.inner = self.form_of(value if isinstance(value, Sent) else Sent.nothing())
        if form.is_valid() and form.cleaned_data:
            self.check_together(form)
        if not form.is_valid():
            raise ValidationError(part_errors(form))
        return self.value_of(form.cleaned_data) if form.cleaned_data else None

    def shown_form(self, bound: BoundField) -> forms.Form:
        """With what was sent, else with the value that the field shows."""
        if bound.form.is_bound and bound.form.errors is not None and self.inner is not None:
            return self.inner
        return self.form_with(bound.value(), bound.html_name)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def inner_form(bound: BoundField) -> forms.Form:
    field: Any = bound.field
    return field.shown_form(bound)


def part_errors(form: forms.Form) -> list[ValidationError]:
    found = [sentence for part in form if part.errors for sentence, _target in errors_with_targets(part)]
    return [ValidationError(sentence, code=PART) for sentence in (*found, *form.non_field_errors())]


@dataclass(frozen=True)
class ThingKind(Kind):
    """Its value is a dict of texts. `day_parts` are days, written as 2026-03-27."""

    day_parts: tuple[str, ...] = ()

    def from_json(self, kept: Any) -> Any:
        if not isinstance(kept, dict) or not all(isinstance(text, str) for text in (*kept, *kept.values())):
            raise ValueError("A thing with parts, each a text, is needed here.")
        return kept

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        sent: dict[str, list[Any]] = {}
        for part, text in value.items():
            if part in self.day_parts:
                for box, number in zip(("year", "month", "day"), text.split("-"), strict=True):
                    sent[f"{name}-{part}_{box}"] = [number]
            else:
                sent[f"{name}-{part}"] = [text]
        return sent
