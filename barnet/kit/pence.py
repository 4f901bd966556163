"""Money is kept in whole pence and typed in pounds: `PenceField` in a model, `PoundsField` in its form."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

LARGEST = 100_000_000  # pence: a million pounds


class PoundsField(forms.DecimalField):
    """Cleans `12.50` to 1250. A sum that was typed otherwise but means the same has not changed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"min_value": 0, "max_value": Decimal(LARGEST) / 100, "decimal_places": 2, "step_size": None, **options}
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        pounds = super().clean(value)
        return None if pounds is None else int(pounds * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.clean(data)
        except forms.ValidationError:
            return True


class PenceField(models.PositiveIntegerField):
    """To the database and to migrations a whole number, to people pounds."""

    def formfield(self, **options: Any) -> forms.Field:
        allowed = {name: options[name] for name in ("label", "help_text", "required", "initial") if name in options}
        return PoundsField(
            **{"label": self.verbose_name, "help_text": self.help_text, "required": not self.blank, **allowed}
        )

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs
