"""What the back office checks when staff edit holiday shifts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from portal.waste.models import LONGEST_SHIFT, HolidayShift
from portal.waste.schedule import WEEK, Shifts


class HolidayShiftForm(WagtailAdminModelForm):
    """A collection takes place once: never far from its day, never on or past that of the week before or after."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        due_on, moved_to = cleaned.get("due_on"), cleaned.get("moved_to")
        if due_on and moved_to:
            self._check(HolidayShift(due_on=due_on, moved_to=moved_to, stream=cleaned.get("stream", "")))
        return cleaned

    def _check(self, shift: HolidayShift) -> None:
        if abs((shift.moved_to - shift.due_on).days) > LONGEST_SHIFT:
            raise ValidationError({"moved_to": _("Choose a day at most %(days)d days away.") % {"days": LONGEST_SHIFT}})
        near = HolidayShift.objects.filter(due_on__range=(shift.due_on - WEEK, shift.due_on + WEEK))
        if Shifts([*near.exclude(pk=self.instance.pk), shift]).clashes():
            raise ValidationError(
                {
                    "moved_to": _(
                        "On this day, or past it, is the collection of the week before or after. "
                        "Change that one first, or choose another day."
                    )
                }
            )
