"""The one renderer of form fields: any bound field of any Django form becomes GOV.UK markup.

`draw_field(form["email"])` looks at the widget's class and picks a drawing; a widget that nobody foresaw is drawn by
Django itself inside our label, hint and error. The browser's own checks are never used (`required`, `maxlength`, ...):
forms are sent as typed and the answer explains what to do. What was typed stays, except files and passwords.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField, widgets
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from barnet.kit.dates import PARTS, DateBoxes
from barnet.kit.drawing import draw
from barnet.kit.sentences import field_errors

_LEFT_TO_THE_SERVER = ("required", "maxlength", "minlength", "min", "max", "step", "pattern", "aria-invalid")
_DASHES = "---------"


class ComposedWidget(widgets.Widget):
    """The control of a question with controls of its own. It draws itself, and says which errors lead where."""

    def draw(self, view: "FieldView") -> SafeString:
        raise NotImplementedError

    def errors_of(self, bound: BoundField) -> list[tuple[str, str]]:
        """Sentence and id of the control that it is about, for the list above the form."""
        raise NotImplementedError


class ChoiceLabel(str):
    """The label of one radio or checkbox, with a hint below: `("recycling", ChoiceLabel("Recycling", hint="Blue
    lid"))`."""

    hint: str

    def __new__(cls, label: object, hint: object = "") -> "ChoiceLabel":
        made = super().__new__(cls, label)
        made.hint = str(hint)
        return made


@dataclass
class FieldView:
    """What every drawing needs to know of a field."""

    bound: BoundField
    id: str
    label: object
    hint: object
    errors: list[dict[str, str]]
    is_optional: bool
    label_size: str = "s"
    legend_size: str = "s"
    heading: bool = False
    label_hidden: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def described_by(self) -> str:
        ids = [self.hint_id] if self.hint else []
        return " ".join([*ids, *(error["id"] for error in self.errors)])

    @property
    def widget(self) -> widgets.Widget:
        return self.bound.field.widget


def draw_field(bound: BoundField, **options: Any) -> SafeString:
    """Options: label, label_size, label_hidden, legend_size, heading, hint, width, rows, inline, small, prefix,
    suffix, divider, count, optional, and any HTML attribute of the control (`autocomplete`, `inputmode`,
    `data_source`, ...)."""
    initial = bound.as_hidden(only_initial=True) if bound.field.show_hidden_initial else ""
    if bound.is_hidden:
        return mark_safe(f"{bound.as_widget()}{initial}")  # noqa: S308 - both come escaped from Django
    drawing = next(draw_kind for kind, draw_kind in _DRAWINGS if isinstance(bound.field.widget, kind))
    return mark_safe(f"{drawing(_view(bound, options))}{initial}")  # noqa: S308


def draw_fields(form: forms.BaseForm) -> SafeString:
    """Every field of the form in its order, hidden ones included."""
    return mark_safe("".join(draw_field(bound) for bound in form))  # noqa: S308


def errors_with_targets(bound: BoundField) -> list[tuple[str, str]]:
    """What is wrong with a field, sentence by sentence, each with the id of the control that it leads to."""
    if isinstance(bound.field.widget, ComposedWidget):
        return bound.field.widget.errors_of(bound)
    target = error_target(bound)
    return [(sentence, target) for sentence in field_errors(bound)]


def error_target(bound: BoundField) -> str:
    """The id of the control that an error about this field leads to; empty for a hidden field."""
    if bound.is_hidden:
        return ""
    widget, own_id = bound.field.widget, _id_of(bound)
    if isinstance(widget, DateBoxes):
        return f"{own_id}_{min(map(PARTS.index, _wrong_parts(bound)))}"
    if isinstance(widget, forms.SelectDateWidget):
        order = next(iter(widget._parse_date_fmt()))  # type: ignore[attr-defined]
        return f"{own_id}_{order}"
    if isinstance(widget, widgets.RadioSelect):
        groups = widget.optgroups(bound.html_name, [], {"id": own_id})
        return next((option["attrs"]["id"] for _group, options, _index in groups for option in options), own_id)
    if isinstance(widget, widgets.MultiWidget):
        return f"{own_id}_0"
    return own_id


# --- What the drawings share ------------------------------------------------------------------------------------------


def _id_of(bound: BoundField) -> str:
    return bound.field.widget.attrs.get("id") or bound.auto_id or f"id_{bound.html_name}"


def _view(bound: BoundField, options: dict[str, Any]) -> FieldView:
    own_id = _id_of(bound)
    optional = options.pop("optional", getattr(bound.form, "mark_optional", True))
    is_answerable = not bound.field.disabled and not isinstance(bound.field, forms.BooleanField)
    return FieldView(
        bound=bound,
        id=own_id,
        label=options.pop("label", bound.label),
        hint=options.pop("hint", bound.help_text),
        errors=[{"id": f"{own_id}-error{at or ''}", "message": error} for at, error in enumerate(field_errors(bound))],
        is_optional=bool(optional) and is_answerable and not bound.field.required,
        label_size=options.pop("label_size", "s"),
        legend_size=options.pop("legend_size", "s"),
        heading=options.pop("heading", False),
        label_hidden=options.pop("label_hidden", False),
        options=options,
    )


def _context(view: FieldView, css: str, *, value: object = None, extra: str = "") -> dict[str, Any]:
    """Django's own context of the widget, with our classes and without the browser's checks."""
    bound, widget = view.bound, view.widget
    classes = [css, f"{css}--error" if view.errors else "", extra, widget.attrs.get("class", "")]
    described = " ".join(filter(None, [widget.attrs.get("aria-describedby", ""), view.described_by]))
    attrs = {"id": view.id, "class": " ".join(filter(None, classes))}
    if described:
        attrs["aria-describedby"] = described
    if bound.field.disabled:
        attrs["disabled"] = True  # type: ignore[assignment]
    attrs |= {name.replace("_", "-"): text for name, text in view.options.items()}
    if bound.field.localize:
        widget.is_localized = True
    context = widget.get_context(bound.html_name, value, attrs)
    for name in _LEFT_TO_THE_SERVER:
        context["widget"]["attrs"].pop(name, None)
    return context


def _rendered(view: FieldView, context: dict[str, Any]) -> SafeString:
    renderer = view.bound.form.renderer
    return mark_safe(renderer.render(context["widget"]["template_name"], context))  # noqa: S308 - escaped by Django


def _single(view: FieldView, control: str, group_class: str = "", group_attrs: str = "") -> SafeString:
    return draw("fields/single", field=view, control=control, group_class=group_class, group_attrs=group_attrs)


def _width(view: FieldView) -> str:
    width = str(view.options.pop("width", ""))
    return (f"govuk-input--width-{width}" if width.isdecimal() else f"govuk-!-width-{width}") if width else ""


# --- One drawing a kind of control ------------------------------------------------------------------------------------


def _draw_input(view: FieldView) -> SafeString:
    prefix, suffix = view.options.pop("prefix", ""), view.options.pop("suffix", "")
    step = view.widget.attrs.get("step")
    context = _context(view, "govuk-input", value=view.bound.value(), extra=_width(view))
    shown = context["widget"]
    if shown["type"] == "number":
        shown["type"] = "text"
        shown["attrs"].setdefault("inputmode", "numeric" if step in (None, 1, "1") else "decimal")
    elif shown["type"] in {"email", "url", "tel"}:
        shown["attrs"].setdefault("spellcheck", "false")
    shown["type"] = shown["type"] or "text"
    control = _rendered(view, context)
    if prefix or suffix:
        control = draw("fields/_affixes", control=control, prefix=prefix, suffix=suffix)
    return _single(view, control)


def _draw_password(view: FieldView) -> SafeString:
    view.options = {"spellcheck": "false", "autocapitalize": "none"} | view.options
    context = _context(
        view, "govuk-input", extra=f"govuk-password-input__input govuk-js-password-input-input {_width(view)}"
    )
    context["widget"]["value"] = None  # never shown again, whatever the widget was told
    control = draw("fields/_password", control=_rendered(view, context), field=view)
    return _single(view, control, " govuk-password-input", mark_safe(' data-module="govuk-password-input"'))


def _draw_textarea(view: FieldView) -> SafeString:
    limit = getattr(view.bound.field, "max_length", None) if view.options.pop("count", False) else None
    view.options = {"rows": view.options.pop("rows", "5")} | view.options
    extra = "govuk-js-character-count" if limit else ""
    context = _context(view, "govuk-textarea", value=view.bound.value(), extra=extra)
    context["widget"]["attrs"].pop("cols", None)
    if not limit:
        return _single(view, _rendered(view, context))
    shown = context["widget"]["attrs"]
    shown["aria-describedby"] = f"{shown.get('aria-describedby', '')} {view.id}-info".strip()
    control = draw("fields/_count", control=_rendered(view, context), field=view, limit=limit)
    counting = flatatt({"data-module": "govuk-character-count", "data-maxlength": limit})
    return _single(view, control, " govuk-character-count", counting)


def _draw_select(view: FieldView) -> SafeString:
    context = _context(view, "govuk-select", value=view.bound.value(), extra=_width(view))
    for _group, options, _index in context["widget"]["optgroups"]:
        for option in options:
            if option["value"] == "" and option["label"] == _DASHES:
                option["label"] = _("Choose")
    return _single(view, _rendered(view, context))


def _draw_file(view: FieldView) -> SafeString:
    current, url = _current_file(view.bound.value())
    if view.bound.form.is_bound and view.bound.form.files.get(view.bound.html_name) and not view.errors:
        view.hint = view.hint or _("Choose your file again: we could not keep it.")
    context = _context(view, "govuk-file-upload")
    clear_name = clear_id = ""
    if current and isinstance(view.widget, forms.ClearableFileInput) and not view.bound.field.required:
        clear_name = view.widget.clear_checkbox_name(view.bound.html_name)
        clear_id = f"{view.id}-clear"
    context["widget"]["template_name"] = "django/forms/widgets/file.html"
    control = draw(
        "fields/_file",
        control=_rendered(view, context),
        current_name=current,
        current_url=url,
        clear_name=clear_name,
        clear_id=clear_id,
    )
    return _single(view, control)


def _current_file(value: Any) -> tuple[str, str]:
    """Name and address of a file that is already stored; one in a private store has no address."""
    if not value or not hasattr(value, "_committed"):
        return "", ""
    try:
        url = value.url
    except ValueError:
        url = ""
    return str(value.name).rsplit("/", 1)[-1], url


def _draw_checkbox(view: FieldView) -> SafeString:
    context = _context(view, "govuk-checkboxes__input", value=view.bound.value())
    return draw("fields/checkbox", field=view, control=_rendered(view, context))


def _draw_choices(view: FieldView) -> SafeString:
    kind = "checkboxes" if view.widget.allow_multiple_selected else "radios"  # type: ignore[attr-defined]
    inline, small = view.options.pop("inline", False), view.options.pop("small", False)
    divider = view.options.pop("divider", "")
    context = _context(view, "", value=view.bound.value())
    choices = list(_choices(context["widget"]["optgroups"], disabled=view.bound.field.disabled))
    if divider and len(choices) > 1:
        choices[-1]["divider"] = divider
    return draw(
        "fields/choices",
        field=view,
        kind=kind,
        type="checkbox" if kind == "checkboxes" else "radio",
        inline=inline,
        small=small,
        choices=choices,
    )


def _choices(optgroups: list[Any], *, disabled: bool) -> Iterator[dict[str, Any]]:
    for group, options, _index in optgroups:
        for at, option in enumerate(options):
            attrs, hint = option["attrs"], getattr(option["label"], "hint", "")
            shown = {"name": option["name"], "value": str(option["value"]), "id": attrs["id"]}
            shown |= {name: text for name, text in attrs.items() if name not in {"id", "class", "aria-describedby"}}
            shown |= {"checked": option["selected"], "disabled": disabled or attrs.get("disabled", False)}
            if hint:
                shown["aria-describedby"] = f"{attrs['id']}-hint"
            is_dashes = option["value"] == "" and option["label"] == _DASHES
            yield {
                "id": attrs["id"],
                "label": _("None of these") if is_dashes else option["label"],
                "hint": hint,
                "group": group if at == 0 else "",
                "attrs": flatatt({name: text for name, text in shown.items() if name not in _LEFT_TO_THE_SERVER}),
            }


_PART_LABELS = {
    "day": _("Day"),
    "month": _("Month"),
    "year": _("Year"),
    "date": _("Date"),
    "time": _("Time"),
}


def _draw_parts(view: FieldView) -> SafeString:
    """A question of several controls: our date boxes, SelectDateWidget, SplitDateTimeWidget, any MultiWidget."""
    view.options.pop("width", None)
    context = _context(view, "", value=view.bound.value())
    wrong = _wrong_parts(view.bound) if isinstance(view.widget, DateBoxes) else None
    parts = []
    for at, (name, shown) in enumerate(
        zip(_part_names(view.widget, context), context["widget"]["subwidgets"], strict=True)
    ):
        has_error = bool(view.errors) and (wrong is None or name in wrong)
        _dress_part(shown, name, has_error)
        control = mark_safe(view.bound.form.renderer.render(shown["template_name"], {"widget": shown}))  # noqa: S308
        label = _PART_LABELS.get(name) or f"{view.label} {at + 1}"
        parts.append({"id": shown["attrs"].get("id", ""), "label": label, "control": control})
    return draw("fields/parts", field=view, parts=parts)


def _part_names(widget: widgets.Widget, context: dict[str, Any]) -> list[str]:
    if isinstance(widget, forms.SplitDateTimeWidget):
        return ["date", "time"]
    return [shown["name"].rsplit("_", 1)[-1] for shown in context["widget"]["subwidgets"]]


def _dress_part(shown: dict[str, Any], name: str, has_error: bool) -> None:
    css = "govuk-select" if "optgroups" in shown else "govuk-input"
    width = {"day": "2", "month": "2", "year": "4", "date": "10", "time": "5"}.get(name)
    classes = [css, f"{css}--error" if has_error else ""]
    if css == "govuk-input" and width:
        classes.append(f"govuk-input--width-{width}")
    attrs = {key: text for key, text in shown["attrs"].items() if key not in (*_LEFT_TO_THE_SERVER, "aria-describedby")}
    shown["attrs"] = attrs | {"class": " ".join(filter(None, classes))}
    if name in PARTS and css == "govuk-input":
        shown["attrs"].setdefault("inputmode", "numeric")


def _wrong_parts(bound: BoundField) -> set[str]:
    """The boxes that an error of `barnet.kit.dates.DateField` names; all of them for any other error."""
    named = {part for error in bound.errors.as_data() for part in str(error.code).split("-")} & set(PARTS)
    return named or set(PARTS)


def _draw_composed(view: FieldView) -> SafeString:
    return view.widget.draw(view)  # type: ignore[attr-defined]


def _draw_anything(view: FieldView) -> SafeString:
    return _single(view, _rendered(view, _context(view, "", value=view.bound.value())))


_DRAWINGS: list[tuple[type[widgets.Widget] | tuple[type[widgets.Widget], ...], Callable[[FieldView], SafeString]]] = [
    (ComposedWidget, _draw_composed),
    ((widgets.MultiWidget, forms.SelectDateWidget), _draw_parts),
    (widgets.FileInput, _draw_file),
    (widgets.CheckboxInput, _draw_checkbox),
    (widgets.RadioSelect, _draw_choices),  # CheckboxSelectMultiple is one
    (widgets.Select, _draw_select),
    (widgets.Textarea, _draw_textarea),
    (widgets.PasswordInput, _draw_password),
    (widgets.Input, _draw_input),
    (widgets.Widget, _draw_anything),
]
