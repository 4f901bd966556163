"""What the back office checks when staff edit opening hours."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from barnet.gazetteer.models import OpeningHours


class OpeningHoursForm(WagtailAdminModelForm):
    """Ends after it begins, and never overlaps other hours of the same place and day."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if not (opens_at and closes_at):
            return cleaned
        if closes_at <= opens_at:
            raise ValidationError({"closes_at": _("Enter a time after the opening.")})
        others = OpeningHours.objects.filter(
            place__iexact=cleaned.get("place", ""),
            weekday=cleaned.get("weekday"),
            opens_at__lt=closes_at,
            closes_at__gt=opens_at,
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError({"opens_at": _("The place is open then already. Change those hours.")})
        return cleaned
