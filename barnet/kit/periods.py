"""From a day to a day, as people choose it above figures. Empty: the last four weeks."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.kit.dates import DateField

LONGEST = dt.timedelta(days=366)
_USUAL = dt.timedelta(days=27)
_EARLIEST = dt.date(2000, 1, 1)


class PeriodForm(forms.Form):
    mark_optional = False

    since = DateField(label=_("From"), subject=_("The first day"), required=False)
    until = DateField(label=_("To"), subject=_("The last day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        until = cleaned["until"] or timezone.localdate()
        since = cleaned["since"] or until - _USUAL
        if since < _EARLIEST or until > timezone.localdate():
            raise ValidationError(_("Choose days that have been, after 1999."))
        if not since <= until <= since + LONGEST:
            raise ValidationError(_("The last day must be on or after the first, at most a year later."))
        return {"since": since, "until": until}

    @property
    def first(self) -> dt.datetime:
        """The moment at which the period begins."""
        return _midnight(self.cleaned_data["since"])

    @property
    def end(self) -> dt.datetime:
        """The first moment after it."""
        return _midnight(self.cleaned_data["until"] + dt.timedelta(days=1))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
