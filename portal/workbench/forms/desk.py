"""Saving a view of the queue; saying who is away and who looks after their requests."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.kit.dates import DateField
from portal.cases.models import Team
from portal.workbench.forms.filters import FilterChoices, QueueFilterForm

LONGEST_FILTERS = 1000


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=60,
        error_messages={"required": _("Give the view a name."), "max_length": _("Use 60 characters or fewer.")},
    )
    team = forms.ModelChoiceField(
        label=_("Who sees it?"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Only me"),
        error_messages={"invalid_choice": _("Choose one of your teams.")},
    )
    filters = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_FILTERS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(members=user)

    def clean_filters(self) -> str:
        """Only what the queue understands."""
        asked = QueryDict(self.cleaned_data["filters"], mutable=True)
        asked.pop("page", None)
        if not QueueFilterForm(asked, user=self.user, choices=FilterChoices.load()).is_valid():
            raise forms.ValidationError(_("The queue does not understand these filters. Choose them again."))
        return asked.urlencode()


class AbsenceForm(forms.Form):
    """Those away may be the person themselves; who leads may say it of their teams."""

    person = forms.ModelChoiceField(
        label=_("Who is away?"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose who is away."), "invalid_choice": _("Choose who is away.")},
    )
    from_on = DateField(
        label=_("First day away"),
        subject=_("The first day away"),
        error_messages={"required": _("Enter the first day away.")},
    )
    until_on = DateField(
        label=_("Last day away"),
        subject=_("The last day away"),
        error_messages={"required": _("Enter the last day away.")},
    )
    cover = forms.ModelChoiceField(
        label=_("Who looks after the requests?"),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody"),
        error_messages={
            "required": _("Choose who looks after the requests."),
            "invalid_choice": _("Choose who looks after the requests."),
        },
    )

    def __init__(self, *args: Any, people: QuerySet[User], covers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("person", people), ("cover", covers)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found
