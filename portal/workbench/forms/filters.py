"""The filters of the queue, kept in the address so that a list can be bookmarked and sent to a colleague."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel
from barnet.customers.models import User
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from barnet.kit.dates import DateField
from portal.cases.enums import CaseState, CaseUrgency
from portal.cases.models import Team
from portal.cases.selectors import Due, QueueFilters, Sorting

MINE, NOBODY, ANY = "mine", "nobody", "any"
FEWEST_SIGNS = 3  # an index finds no fewer


@dataclass(frozen=True)
class FilterChoices:
    """What can be chosen: four small queries, for one form or for many."""

    teams: dict[str, Team]
    people: dict[str, User]
    services: dict[str, Service]
    wards: dict[str, Area]

    @classmethod
    def load(cls) -> "FilterChoices":
        people = User.objects.filter(is_staff=True, teams__isnull=False).distinct().order_by("first_name", "email")
        wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD).defer("geometry")
        return cls(
            {team.slug: team for team in Team.objects.all()},
            {str(person.pk): person for person in people},
            {service.slug: service for service in Service.objects.all()},
            {ward.code: ward for ward in wards},
        )


class QueueFilterForm(forms.Form):
    """Everything may stay empty: then it shows what is open."""

    mark_optional = False

    q = forms.CharField(
        label=_("Search"),
        help_text=_("Reference, name, e-mail, address or postcode. A search looks in every state."),
        required=False,
        max_length=100,
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    due = forms.ChoiceField(label=_("Promise"), required=False, choices=[("", _("Any")), *Due.choices])
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[("", _("Any")), *CaseUrgency.choices])
    team = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Person"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    ward = forms.ChoiceField(label=_("Ward"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("Any")), *Channel.choices])
    opened_from = DateField(label=_("Opened from"), subject=_("Opened from"), required=False)
    opened_until = DateField(label=_("Opened until"), subject=_("Opened until"), required=False)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=Sorting.choices)

    def __init__(self, *args: Any, user: User, choices: FilterChoices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.choices = known = choices or FilterChoices.load()
        self._choose("state", [("", _("Open")), (ANY, _("Any")), *CaseState.choices])
        self._choose(
            "team",
            [
                ("", _("Any")),
                (MINE, _("My teams")),
                (NOBODY, _("Given to nobody")),
                *((slug, team.name) for slug, team in known.teams.items()),
            ],
        )
        self._choose(
            "assignee", [("", _("Any")), (MINE, _("Me")), *((key, str(person)) for key, person in known.people.items())]
        )
        self._choose("service", [("", _("Any")), *((slug, service.name) for slug, service in known.services.items())])
        self._choose("ward", [("", _("Any")), *((code, ward.name) for code, ward in known.wards.items())])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if text and len(text) < FEWEST_SIGNS:
            raise forms.ValidationError(_("Search for at least three signs."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("opened_from"), cleaned.get("opened_until")
        if begins and ends and ends < begins:
            self.add_error("opened_until", _("Opened until must be the same as or after opened from."))
        return cleaned

    def filters(self) -> QueueFilters:
        """Call it on a valid form only."""
        chosen = self.cleaned_data
        team, assignee, state, text = chosen["team"], chosen["assignee"], chosen["state"], chosen["q"]
        return QueueFilters(
            seen_by=self.user,
            is_open=not state and not text,
            state="" if state == ANY else state,
            service=self.choices.services.get(chosen["service"]),
            team=self.choices.teams.get(team),
            my_teams=self.user if team == MINE else None,
            is_unassigned=team == NOBODY,
            assignee=self.choices.people.get(assignee),
            mine=self.user if assignee == MINE else None,
            ward=self.choices.wards.get(chosen["ward"]),
            channel=chosen["channel"],
            urgency=chosen["urgency"],
            due=chosen["due"],
            opened_from=chosen["opened_from"],
            opened_until=chosen["opened_until"],
            text=text,
            sort=chosen["sort"] or Sorting.PROMISE,
        )
