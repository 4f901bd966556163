"""The renderer against every widget that Django has. A widget that is new to Django fails here until it has a row."""

import inspect
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.account import forms as account
from bs4 import BeautifulSoup
from django import forms
from django.contrib.auth import forms as auth
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory, widgets

from barnet.kit.elements import error_summary
from barnet.kit.fields import ChoiceLabel, draw_field, draw_fields, error_target
from barnet.kit.sentences import field_errors

CHOICES = [("a", "Apple"), ("b", "Pear & <plum>")]


@dataclass
class Row:
    """A field with the widget, what is typed, and the class that its controls must wear."""

    field: forms.Field
    typed: dict[str, Any]
    css: str
    kept: list[str] = field(default_factory=list)
    controls: int = 1


class PairWidget(widgets.MultiWidget):
    def __init__(self) -> None:
        super().__init__([widgets.TextInput, widgets.TextInput])

    def decompress(self, value):
        return [None, None]


class PairField(forms.MultiValueField):
    widget = PairWidget

    def __init__(self) -> None:
        super().__init__([forms.CharField(), forms.CharField()])

    def compress(self, values):
        return " ".join(values)


def _char(widget: type[widgets.Widget]) -> Row:
    return Row(forms.CharField(widget=widget), {"x": "typed <text>"}, "govuk-input", ["typed &lt;text&gt;"])


ROWS = {
    widgets.TextInput: _char(widgets.TextInput),
    widgets.Input: _char(widgets.Input),
    widgets.URLInput: _char(widgets.URLInput),
    widgets.EmailInput: _char(widgets.EmailInput),
    widgets.ColorInput: _char(widgets.ColorInput),
    widgets.SearchInput: _char(widgets.SearchInput),
    widgets.TelInput: _char(widgets.TelInput),
    widgets.DateTimeBaseInput: Row(
        forms.DateField(widget=widgets.DateTimeBaseInput(format="%d")), {"x": "soon"}, "govuk-input", ["soon"]
    ),
    widgets.DateInput: Row(forms.DateField(), {"x": "soon"}, "govuk-input", ["soon"]),
    widgets.DateTimeInput: Row(forms.DateTimeField(), {"x": "soon"}, "govuk-input", ["soon"]),
    widgets.TimeInput: Row(forms.TimeField(), {"x": "late"}, "govuk-input", ["late"]),
    widgets.NumberInput: Row(forms.IntegerField(), {"x": "three"}, "govuk-input", ["three"]),
    widgets.PasswordInput: Row(
        forms.CharField(widget=widgets.PasswordInput(render_value=True)), {"x": "s3cret"}, "govuk-input"
    ),
    widgets.Textarea: Row(
        forms.CharField(widget=widgets.Textarea), {"x": "<p>\nline"}, "govuk-textarea", ["&lt;p&gt;\nline"]
    ),
    widgets.CheckboxInput: Row(forms.BooleanField(), {"x": "on"}, "govuk-checkboxes__input", ["checked"]),
    widgets.NullBooleanSelect: Row(forms.NullBooleanField(), {"x": "true"}, "govuk-select", ['value="true" selected']),
    widgets.Select: Row(
        forms.ChoiceField(choices=CHOICES), {"x": "b"}, "govuk-select", ['value="b" selected', "&lt;plum&gt;"]
    ),
    widgets.SelectMultiple: Row(
        forms.MultipleChoiceField(choices=CHOICES), {"x": ["b"]}, "govuk-select", ['value="b" selected']
    ),
    widgets.RadioSelect: Row(
        forms.ChoiceField(choices=CHOICES, widget=widgets.RadioSelect),
        {"x": "b"},
        "govuk-radios__input",
        ['value="b" checked', "&lt;plum&gt;"],
        controls=2,
    ),
    widgets.CheckboxSelectMultiple: Row(
        forms.MultipleChoiceField(choices=CHOICES, widget=widgets.CheckboxSelectMultiple),
        {"x": ["b"]},
        "govuk-checkboxes__input",
        ['value="b" checked'],
        controls=2,
    ),
    widgets.FileInput: Row(forms.FileField(widget=widgets.FileInput), {}, "govuk-file-upload"),
    widgets.ClearableFileInput: Row(forms.FileField(), {}, "govuk-file-upload"),
    widgets.SplitDateTimeWidget: Row(
        forms.SplitDateTimeField(), {"x_0": "soon", "x_1": "late"}, "govuk-input", ["soon", "late"], controls=2
    ),
    widgets.SelectDateWidget: Row(
        forms.DateField(widget=widgets.SelectDateWidget(years=[2026])),
        {"x_day": "27", "x_month": "3", "x_year": "2026"},
        "govuk-select",
        ['value="27" selected', 'value="3" selected'],
        controls=3,
    ),
    widgets.MultiWidget: Row(PairField(), {"x_0": "one", "x_1": "two"}, "govuk-input", ["one", "two"], controls=2),
}
HIDDEN = {
    widgets.HiddenInput: Row(forms.CharField(widget=widgets.HiddenInput), {"x": "<here>"}, "", ["&lt;here&gt;"]),
    widgets.MultipleHiddenInput: Row(
        forms.MultipleChoiceField(choices=CHOICES, widget=widgets.MultipleHiddenInput),
        {"x": ["a", "b"]},
        "",
        ['value="a"', 'value="b"'],
        controls=2,
    ),
    widgets.SplitHiddenDateTimeWidget: Row(
        forms.SplitDateTimeField(widget=widgets.SplitHiddenDateTimeWidget),
        {"x_0": "soon", "x_1": "late"},
        "",
        ["soon", "late"],
        controls=2,
    ),
}
NEVER_DRAWN = {widgets.Widget, widgets.ChoiceWidget}  # what others are made of: they have no template


def _form(form_field: forms.Field, data: dict[str, Any] | None = None, files: Any = None, **options: Any) -> forms.Form:
    made = type("OneForm", (forms.Form,), {"x": form_field})
    return made(data, files, **options)


def _names(rows: dict) -> list[str]:
    return [widget.__name__ for widget in rows]


class _Balance(HTMLParser):
    """Fails on markup whose elements do not close in order."""

    EMPTY = {"input", "br", "meta", "hr", "img"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def _soup(html: str) -> BeautifulSoup:
    balance = _Balance()
    balance.feed(html)
    assert balance.open == []
    soup = BeautifulSoup(html, "html.parser")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for element in soup.find_all(attrs={"aria-describedby": True}):
        assert set(element["aria-describedby"].split()) <= set(ids)
    for label in soup.find_all("label"):
        assert label["for"] in ids
    return soup


def test_every_widget_of_django_has_a_row():
    known = {
        widget
        for _name, widget in inspect.getmembers(widgets, inspect.isclass)
        if issubclass(widget, widgets.Widget) and widget.__module__ == widgets.__name__
    }
    assert known == set(ROWS) | set(HIDDEN) | NEVER_DRAWN


@pytest.mark.parametrize("row", ROWS.values(), ids=_names(ROWS))
def test_widget_wears_our_classes_and_has_label_and_ids(row):
    form = _form(row.field)
    soup = _soup(draw_field(form["x"], hint="A <hint>"))
    controls = soup.find_all(["input", "select", "textarea"])
    assert len(controls) == row.controls
    for control in controls:
        assert row.css in control["class"]
        assert soup.find("label", attrs={"for": control["id"]})
        assert not {"required", "maxlength", "minlength", "min", "max", "step", "style"} & set(control.attrs)
    assert soup.find(class_="govuk-hint").text.strip() == "A <hint>"
    assert soup.find(attrs={"aria-describedby": "id_x-hint"})
    assert soup.find("fieldset") is None or soup.find("legend").text.strip() == "X"


@pytest.mark.parametrize("row", ROWS.values(), ids=_names(ROWS))
def test_widget_with_errors_shows_them_and_the_summary_leads_to_it(row):
    form = _form(row.field, row.typed)
    form.add_error("x", "First <wrong>")
    form.add_error("x", "Second wrong")
    soup = _soup(draw_field(form["x"]))
    shown = [message.text.split(":", 1)[1].strip() for message in soup.find_all(class_="govuk-error-message")]
    assert shown[-2:] == ["First <wrong>", "Second wrong"]
    assert "govuk-form-group--error" in soup.find(class_="govuk-form-group")["class"]
    described = soup.find(attrs={"aria-describedby": True})["aria-describedby"].split()
    assert len(described) == len(shown)
    summary = BeautifulSoup(error_summary(form), "html.parser")
    target = summary.find("a")["href"].removeprefix("#")
    assert soup.find(id=target).name in {"input", "select", "textarea"}


@pytest.mark.parametrize("row", [*ROWS.values(), *HIDDEN.values()], ids=_names(ROWS) + _names(HIDDEN))
def test_widget_keeps_what_was_typed(row):
    form = _form(row.field, row.typed)
    form.add_error(None, "Something else is wrong")
    html = draw_field(form["x"])
    for text in row.kept:
        assert text in html


@pytest.mark.parametrize("row", HIDDEN.values(), ids=_names(HIDDEN))
def test_hidden_widget_is_drawn_bare(row):
    form = _form(row.field, row.typed)
    soup = BeautifulSoup(draw_fields(form), "html.parser")
    assert [control["type"] for control in soup.find_all("input")] == ["hidden"] * row.controls
    assert not soup.find("label")
    assert error_target(form["x"]) == ""


@pytest.mark.parametrize("row", ROWS.values(), ids=_names(ROWS))
def test_widget_of_a_disabled_field_is_disabled(row):
    form = _form(row.field)
    form.fields["x"].disabled = True
    soup = _soup(draw_field(form["x"]))
    assert all(control.has_attr("disabled") for control in soup.find_all(["input", "select", "textarea"]))


@pytest.mark.parametrize("row", ROWS.values(), ids=_names(ROWS))
def test_widget_without_automatic_ids_still_belongs_to_its_label(row):
    _soup(draw_field(_form(row.field, auto_id=False)["x"]))


def test_password_is_never_shown_again():
    form = _form(forms.CharField(widget=forms.PasswordInput(render_value=True)), {"x": "s3cret"})
    form.add_error("x", "Wrong")
    assert "s3cret" not in draw_field(form["x"])


def test_number_is_a_text_box_with_a_number_pad():
    whole = draw_field(_form(forms.IntegerField())["x"])
    parts = draw_field(_form(forms.DecimalField(decimal_places=2))["x"])
    assert 'type="text"' in whole
    assert 'inputmode="numeric"' in whole
    assert 'inputmode="decimal"' in parts


def test_optional_field_says_so_unless_its_form_or_the_template_does_not_want_it():
    form = _form(forms.CharField(required=False))
    assert "(optional)" in draw_field(form["x"])
    assert "(optional)" not in draw_field(form["x"], optional=False)
    form.mark_optional = False
    assert "(optional)" not in draw_field(form["x"])
    assert "(optional)" not in draw_field(_form(forms.BooleanField(required=False))["x"])


def test_options_change_label_hint_width_and_attributes():
    html = draw_field(
        _form(forms.CharField())["x"],
        label="Post <code>",
        label_size="l",
        heading=True,
        hint="For example, EN5 4AA",
        width="10",
        autocomplete="postal-code",
        data_source="/addresses/",
    )
    soup = _soup(html)
    assert soup.h1.label.text == "Post <code>"
    assert "govuk-label--l" in soup.label["class"]
    assert "govuk-input--width-10" in soup.input["class"]
    assert soup.input["autocomplete"] == "postal-code"
    assert soup.input["data-source"] == "/addresses/"


def test_attributes_that_the_form_gave_its_widget_stay():
    widget = forms.TextInput(
        {"class": "special", "autocomplete": "name", "aria-describedby": "elsewhere", "id": "mine"}
    )
    soup = BeautifulSoup(draw_field(_form(forms.CharField(widget=widget, help_text="Hint"))["x"]), "html.parser")
    assert {"special", "govuk-input"} <= set(soup.input["class"])
    assert soup.input["aria-describedby"] == "elsewhere mine-hint"
    assert soup.label["for"] == "mine"


def test_choices_show_hints_groups_divider_and_lie_in_a_row():
    choices = [("Dry", [("p", ChoiceLabel("Paper", hint="No <foil>"))]), ("Wet", [("f", "Food")])]
    form = _form(forms.ChoiceField(choices=choices, widget=forms.RadioSelect))
    soup = _soup(draw_field(form["x"], divider="or", inline=True, legend_size="l", heading=True))
    assert soup.legend.h1.text == "X"
    assert soup.find(id="id_x_0_0-hint").text == "No <foil>"
    assert soup.find(class_="govuk-radios__divider").text == "or"
    assert "govuk-radios--inline" in soup.find(class_="govuk-radios")["class"]
    assert [group.text for group in soup.find_all("p")] == ["Dry", "Wet"]
    assert error_target(form["x"]) == "id_x_0_0"


def test_choices_of_nothing_say_so():
    form = _form(forms.ChoiceField(choices=[], widget=forms.RadioSelect))
    assert "There is nothing to choose from." in draw_field(form["x"])


def test_dashes_are_replaced_by_words():
    choices = [("", "---------"), ("a", "Apple")]
    assert "Choose</option>" in draw_field(_form(forms.ChoiceField(choices=choices))["x"])
    assert "None of these" in draw_field(_form(forms.ChoiceField(choices=choices, widget=forms.RadioSelect))["x"])


def test_counted_text_tells_its_limit_without_scripts():
    soup = _soup(draw_field(_form(forms.CharField(max_length=200, widget=forms.Textarea))["x"], count=True, rows=3))
    assert soup.find(attrs={"data-maxlength": "200"})
    assert soup.find(id="id_x-info").text == "You can enter up to 200 characters"
    assert soup.textarea["rows"] == "3"
    assert soup.textarea["aria-describedby"] == "id_x-info"


def test_file_that_could_not_be_kept_is_asked_for_again():
    form = _form(forms.FileField(required=False), {}, {"x": SimpleUploadedFile("a.jpg", b"1")})
    form.add_error(None, "Something else is wrong")
    assert "Choose your file again" in draw_field(form["x"])


class _Stored:
    """A stored file whose private store has no address."""

    name = "cases/2026/photo.jpg"
    _committed = True

    @property
    def url(self):
        raise ValueError("This file is not accessible via a URL.")


def test_file_that_is_stored_privately_shows_its_name_and_may_be_removed():
    form = _form(forms.FileField(required=False), initial={"x": _Stored()})
    soup = _soup(draw_field(form["x"]))
    assert "photo.jpg" in soup.find(class_="portal-current-file").text
    assert soup.find("input", attrs={"name": "x-clear", "type": "checkbox"})


def test_initial_that_must_not_change_unseen_travels_hidden():
    form = _form(forms.CharField(show_hidden_initial=True), initial={"x": "before"})
    assert 'name="initial-x"' in draw_field(form["x"])


def test_fields_draws_all_in_order():
    class Two(forms.Form):
        second = forms.CharField()
        first = forms.CharField(widget=forms.HiddenInput)

    soup = BeautifulSoup(draw_fields(Two()), "html.parser")
    assert [control["name"] for control in soup.find_all("input")] == ["second", "first"]


def test_summary_covers_formsets_and_several_forms():
    row_set = formset_factory(
        type("Row", (forms.Form,), {"x": forms.CharField(label="Bin")}), extra=0, min_num=1, validate_min=True
    )
    bound = row_set({"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "1", "rows-0-x": ""}, prefix="rows")
    other = _form(forms.IntegerField(label="Count"), {"x": "many"})
    soup = BeautifulSoup(error_summary(bound, other, None), "html.parser")
    assert [(link.text, link["href"]) for link in soup.find_all("a")] == [
        ("Fill in “Bin”", "#id_rows-0-x"),
        ("“Count” must be a whole number, like 3", "#id_x"),
    ]
    assert error_summary(_form(forms.CharField())) == ""
    assert error_summary(_form(forms.CharField(), {"x": "fine"})) == ""


def test_summary_names_an_error_of_the_whole_form_and_leads_to_its_first_field():
    form = _form(forms.CharField(), {"x": "fine"})
    form.add_error(None, "That <email> or password is not right")
    soup = BeautifulSoup(error_summary(form), "html.parser")
    assert soup.find("a").text == "That <email> or password is not right"
    assert soup.find("a")["href"] == "#id_x"


@pytest.mark.parametrize(
    ("form_field", "typed", "sentence"),
    [
        (forms.CharField(), "", "Fill in “X”"),
        (forms.CharField(), "   ", "Fill in “X”"),
        (forms.ChoiceField(choices=CHOICES), "", "Choose an answer for “X”"),
        (forms.ChoiceField(choices=CHOICES), "z", "Choose one of the answers for “X”"),
        (forms.BooleanField(), "", "Tick “X”"),
        (forms.FileField(), "", "Choose a file for “X”"),
        (forms.EmailField(), "asha", "Enter an email address in the right format, like name@example.com"),
        (forms.URLField(assume_scheme="https"), "http://", "Enter a web address, like https://www.example.com"),
        (forms.IntegerField(), "many", "“X” must be a whole number, like 3"),
        (forms.DecimalField(), "many", "“X” must be a number, like 12.50"),
        (forms.DateField(), "soon", "“X” must be a real date, like 27/3/2026"),
        (forms.TimeField(), "late", "“X” must be a time, like 16:30"),
        (forms.DateTimeField(), "late", "Enter a date and time, like 27/3/2026 16:30"),
        (forms.CharField(max_length=3), "four", "“X” must be 3 characters or fewer"),
        (forms.CharField(min_length=3), "4", "“X” must be 3 characters or more"),
        (forms.IntegerField(max_value=3), "4", "“X” must be 3 or less"),
        (forms.IntegerField(min_value=3), "1", "“X” must be 3 or more"),
        (forms.CharField(error_messages={"required": "Enter your name"}), "", "Enter your name"),
    ],
)
def test_bare_messages_of_django_become_sentences(form_field, typed, sentence):
    assert field_errors(_form(form_field, {"x": typed})["x"]) == [sentence]


@pytest.mark.parametrize(
    "form_class",
    [
        account.LoginForm,
        account.SignupForm,
        account.AddEmailForm,
        account.ResetPasswordForm,
        account.SetPasswordForm,
        account.RequestLoginCodeForm,
        auth.SetPasswordForm,
    ],
)
def test_forms_of_others_are_drawn_and_keep_what_was_typed(form_class, rf):
    options = {"user": None} if form_class is auth.SetPasswordForm else {}
    _soup(draw_fields(form_class(**options)))
    typed = {"login": "nobody", "email": "nobody", "username": "nobody", "password": "s3cret", "password1": "s3cret"}
    form = form_class(data=typed, **options)
    for name in form.fields:
        form.errors.setdefault(name, form.error_class(["Wrong"]))
    html = draw_fields(form)
    _soup(html)
    assert "s3cret" not in html
    assert html.count("nobody") == len({"login", "email", "username"} & set(form.fields))
