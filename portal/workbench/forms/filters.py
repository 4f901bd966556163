"""The filters of the queue, kept in the address so that a list can be bookmarked and sent to a colleague."""

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


class QueueFilterForm(forms.Form):
    """Four small queries for the lists of choices. Everything may stay empty: then it shows what is open."""

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

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        people = User.objects.filter(is_staff=True, teams__isnull=False).distinct().order_by("first_name", "email")
        self._choose("state", [("", _("Open")), (ANY, _("Any")), *CaseState.choices])
        self._choose(
            "team",
            [
                ("", _("Any")),
                (MINE, _("My teams")),
                (NOBODY, _("Given to nobody")),
                *((team.slug, team.name) for team in Team.objects.all()),
            ],
        )
        self._choose("assignee", [("", _("Any")), (MINE, _("Me")), *((str(p.pk), str(p)) for p in people)])
        self._choose("service", [("", _("Any")), *Service.objects.values_list("slug", "name")])
        wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD)
        self._choose("ward", [("", _("Any")), *wards.values_list("code", "name")])

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
            is_open=not state and not text,
            state="" if state == ANY else state,
            service=Service.objects.filter(slug=chosen["service"]).first() if chosen["service"] else None,
            team=Team.objects.filter(slug=team).first() if team not in {"", MINE, NOBODY} else None,
            my_teams=self.user if team == MINE else None,
            is_unassigned=team == NOBODY,
            assignee=self._person(assignee),
            ward=self._ward(chosen["ward"]),
            channel=chosen["channel"],
            urgency=chosen["urgency"],
            due=chosen["due"],
            opened_from=chosen["opened_from"],
            opened_until=chosen["opened_until"],
            text=text,
            sort=chosen["sort"] or Sorting.PROMISE,
        )

    def _person(self, chosen: str) -> User | None:
        if chosen == MINE:
            return self.user
        return User.objects.filter(pk=chosen).first() if chosen else None

    def _ward(self, code: str) -> Area | None:
        if not code:
            return None
        return Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD, code=code).first()
