"""What is wrong with an answer, in words that name the question and say what to do.

Django's own messages ("This field is required.") make no sense in a list of errors. Those, and only those, are replaced
here; a message that a form's author wrote is shown as it is.
"""

from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import BoundField, widgets
from django.utils.translation import gettext_lazy as _

_DEFAULTS = forms.Field.default_error_messages

_MISSING: list[tuple[type[widgets.Widget], Any]] = [
    (widgets.CheckboxInput, _("Tick “%(label)s”")),
    (widgets.ChoiceWidget, _("Choose an answer for “%(label)s”")),
    (widgets.FileInput, _("Choose a file for “%(label)s”")),
    (widgets.Widget, _("Fill in “%(label)s”")),
]

_PLAIN: list[tuple[Any, Any]] = [
    (validators.EmailValidator.message, _("Enter an email address in the right format, like name@example.com")),
    (validators.URLValidator.message, _("Enter a web address, like https://www.example.com")),
    (forms.URLField.default_error_messages["invalid"], _("Enter a web address, like https://www.example.com")),
    (forms.IntegerField.default_error_messages["invalid"], _("“%(label)s” must be a whole number, like 3")),
    (forms.DecimalField.default_error_messages["invalid"], _("“%(label)s” must be a number, like 12.50")),
    (forms.DateField.default_error_messages["invalid"], _("“%(label)s” must be a real date, like 27/3/2026")),
    (forms.TimeField.default_error_messages["invalid"], _("“%(label)s” must be a time, like 16:30")),
    (
        forms.DateTimeField.default_error_messages["invalid"],
        _("Enter a date and time, like 27/3/2026 16:30"),
    ),
    (forms.SplitDateTimeField.default_error_messages["invalid_date"], _("Enter a real date, like 27/3/2026")),
    (forms.SplitDateTimeField.default_error_messages["invalid_time"], _("Enter a time, like 16:30")),
    (forms.ChoiceField.default_error_messages["invalid_choice"], _("Choose one of the answers for “%(label)s”")),
    (forms.ModelChoiceField.default_error_messages["invalid_choice"], _("Choose one of the answers for “%(label)s”")),
    (validators.MaxLengthValidator.message, _("“%(label)s” must be %(limit_value)s characters or fewer")),
    (validators.MinLengthValidator.message, _("“%(label)s” must be %(limit_value)s characters or more")),
    (validators.MinValueValidator.message, _("“%(label)s” must be %(limit_value)s or more")),
    (validators.MaxValueValidator.message, _("“%(label)s” must be %(limit_value)s or less")),
]


def field_errors(bound: BoundField) -> list[str]:
    return [sentence for error in bound.errors.as_data() for sentence in _sentences(bound, error)]


def _sentences(bound: BoundField, error: ValidationError) -> list[str]:
    if error.message is _DEFAULTS["required"]:
        plain = next(sentence for kind, sentence in _MISSING if isinstance(bound.field.widget, kind))
    else:
        plain = next((sentence for bare, sentence in _PLAIN if bare is error.message), None)
    return error.messages if plain is None else [plain % {**(error.params or {}), "label": bound.label}]
