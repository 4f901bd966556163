"""Beginning to help somebody in person, and choosing among past visits."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import VISIT_ENDS
from barnet.customers.models import User
from barnet.kit.periods import PeriodForm
from barnet.kit.submission import SubmissionKeyMixin
from portal.cases.selectors.visits import OPEN, VisitFilters, last_place_of, places_of_visits
from portal.documents.selectors import desks


class VisitForm(SubmissionKeyMixin, forms.Form):
    purpose = forms.CharField(
        label=_("What do they come for?"),
        help_text=_("In a few words, such as: report a missed bin. They can read it."),
        max_length=100,
        error_messages={"required": _("Write what they come for."), "max_length": _("Use 100 characters or fewer.")},
    )
    place = forms.ChoiceField(
        label=_("Where are you?"),
        error_messages={
            "required": _("Choose where you are."),
            "invalid_choice": _("Choose a place from the list."),
        },
    )
    agrees = forms.BooleanField(
        label=_("They are here, and agree that I do this with them"),
        error_messages={"required": _("Ask them first, then tick that they agree.")},
    )

    def __init__(self, *args: Any, helper: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, names = self.fields["place"], desks()
        assert isinstance(place, forms.ChoiceField)
        place.choices = [("", _("Choose a place")), *((name, name) for name in names)]
        place.initial = last_place_of(helper)
        if not names:  # the list of the libraries is empty
            del self.fields["place"]


class NewVisitForm(VisitForm):
    name = forms.CharField(
        label=_("Their name"),
        help_text=_("Leave it empty if they do not want to say."),
        required=False,
        max_length=150,
    )
    field_order = ["name", "purpose", "place", "agrees"]


TODAY, WEEK, OWN_DAYS = "today", "week", "days"
_ANY = ("", _("Any"))


class PastVisitsForm(PeriodForm):
    """Today unless something else is chosen."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[(TODAY, _("Today")), (WEEK, _("This week")), (OWN_DAYS, _("The days below"))],
    )
    place = forms.ChoiceField(label=_("Where"), required=False)
    how = forms.ChoiceField(
        label=_("How it ended"),
        required=False,
        choices=[_ANY, (OPEN, _("Goes on")), *((end.value, end.label) for end in VISIT_ENDS)],
    )
    account = forms.ChoiceField(
        label=_("Who came"),
        required=False,
        choices=[_ANY, ("with", _("With an account")), ("without", _("Without an account"))],
    )
    field_order = ["when", "since", "until", "place", "how", "account"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = [("", _("Everywhere")), *((name, name) for name in places_of_visits())]

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        when = chosen.get("when") or (OWN_DAYS if chosen.get("since") or chosen.get("until") else TODAY)
        today = timezone.localdate()
        if when == TODAY and not self.errors:
            return {**chosen, "since": today, "until": today}
        if when == WEEK and not self.errors:
            return {**chosen, "since": today - dt.timedelta(days=today.weekday()), "until": today}
        return {**chosen, **super().clean()}

    def filters(self) -> VisitFilters:
        """Call it on a valid form only."""
        chosen = self.cleaned_data
        has_account = {"with": True, "without": False}.get(chosen["account"])
        return VisitFilters(
            first=self.first, end=self.end, place=chosen["place"], how=chosen["how"], has_account=has_account
        )
