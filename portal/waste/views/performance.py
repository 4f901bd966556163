"""/staff/rounds/performance/: how rounds did, by week; the same as a file."""

import datetime as dt

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from barnet.customers.permissions import staff_required
from barnet.kit.dates import DateField
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.cases.models import Team
from portal.waste.enums import Stream
from portal.waste.models import Round
from portal.waste.performance import RoundWeek, csv_rows, monday_of, round_weeks
from portal.waste.schedule import WEEK

VIEW = "waste.view_roundrun"
_WEEKS = {"1": 1, "4": 4, "12": 12}


class PerformanceForm(forms.Form):
    mark_optional = False

    stream = forms.ChoiceField(
        label=gettext_lazy("Bins"), required=False, choices=[("", gettext_lazy("All")), *Stream.choices]
    )
    crew = forms.ChoiceField(label=gettext_lazy("Crew"), required=False)
    until = DateField(label=gettext_lazy("Up to the week of"), subject=gettext_lazy("The last week"), required=False)
    weeks = forms.ChoiceField(
        label=gettext_lazy("Weeks"), required=False, choices=[("4", "4"), ("1", "1"), ("12", "12")]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        crews = Team.objects.filter(pk__in=Round.objects.values("crew"))
        self.fields["crew"].choices = [("", _("Any")), *((crew.slug, crew.name) for crew in crews)]  # type: ignore[attr-defined]

    def lines(self) -> list[RoundWeek]:
        chosen = self.cleaned_data
        weeks = _WEEKS.get(chosen["weeks"], 4)
        rounds = Round.objects.filter(stream=chosen["stream"]) if chosen["stream"] else Round.objects.all()
        if chosen["crew"]:
            rounds = rounds.filter(crew__slug=chosen["crew"])
        last = monday_of(chosen["until"] or timezone.localdate())
        return round_weeks(rounds, last - (weeks - 1) * WEEK, weeks)

    def clean_until(self) -> dt.date | None:
        until = self.cleaned_data["until"]
        if until and not dt.date(2001, 1, 1) <= until <= timezone.localdate() + WEEK:
            raise forms.ValidationError(_("Choose a week that has begun."))
        return until


@require_safe
@staff_required(VIEW)
def performance(request: HttpRequest) -> HttpResponseBase:
    form = PerformanceForm(request.GET)
    lines = form.lines() if form.is_valid() else []
    if request.GET.get("format") == "csv" and form.is_valid():
        return csv_file("rounds", csv_lines([_("Round code"), *_titles()], csv_rows(lines)))
    rows = [
        (
            line.round.name,
            f"{line.week:%d/%m/%Y}",
            line.due,
            line.exceptions,
            line.missed,
            line.justified,
            line.kept,
            line.repeated,
        )
        for line in lines
        if line.due or line.missed or line.exceptions
    ]
    context = {"form": form, "head": _titles(), "rows": rows, "query": request.GET.urlencode()}
    return render(request, "waste/staff/performance.html", context, status=200 if form.is_valid() else 400)


def _titles() -> list[str]:
    return [
        _("Round"),
        _("Week from"),
        _("Collections due"),
        _("Logged exceptions"),
        _("Reported missed"),
        _("Justified"),
        _("Collected in time"),
        _("Homes missed again"),
    ]
