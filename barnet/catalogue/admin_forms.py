"""What the back office checks when staff edit a service."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel

from barnet.catalogue.models import Fee


class FeesFormSet(BaseChildFormSet):
    """No two fees for the same thing and the same payer on one day; the database would refuse them at the end."""

    def clean(self) -> None:
        super().clean()
        seen: list[Fee] = []
        for form in self.forms:
            if form in self.deleted_forms or not hasattr(form, "cleaned_data"):
                continue
            fee = _fee(form.cleaned_data)
            if fee is None:
                continue
            if fee.to_on and fee.to_on < fee.from_on:
                form.add_error("to_on", _("Enter a day on or after the first day."))
                continue
            if any(_same(fee, other) and fee.overlaps(other) for other in seen):
                form.add_error("from_on", _("There is a fee for this thing and payer already on that day."))
            seen.append(fee)
        if any(form.errors for form in self.forms):
            raise ValidationError(_("Two fees overlap, or a fee ends before it begins."))


def _fee(answers: dict[str, Any]) -> Fee | None:
    if not all(answers.get(name) for name in ("code", "concession", "from_on")):
        return None
    return Fee(**{name: answers.get(name) for name in ("code", "concession", "from_on", "to_on")})


def _same(fee: Fee, other: Fee) -> bool:
    return (fee.code, fee.concession) == (other.code, other.concession)


class FeesPanel(InlinePanel):
    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = FeesFormSet
        return options
