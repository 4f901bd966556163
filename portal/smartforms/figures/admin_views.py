"""The figures of a form, beside its editor: a page and a file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any as Anything

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.widgets.button import Button

from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.smartforms.figures.reading import Figures, figures_of, versions_of
from portal.smartforms.models import FormVersion, SmartForm

VIEW = "smartforms.view_smartform"
_DAYS = [
    ("7", gettext_lazy("the last 7 days")),
    ("28", gettext_lazy("the last 28 days")),
    ("90", gettext_lazy("the last 90 days")),
    ("all", gettext_lazy("all days")),
]


class PeriodForm(forms.Form):
    version = forms.ChoiceField(label=gettext_lazy("Version"), required=False)
    days = forms.ChoiceField(label=gettext_lazy("Days"), choices=_DAYS, required=False)

    def __init__(self, *args: Anything, versions: list[FormVersion], **kwargs: Anything) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.number): version for version in versions}
        self.fields["version"].choices = [(number, number) for number in self.versions]  # type: ignore[attr-defined]

    def chosen(self, live: FormVersion) -> tuple[FormVersion, dt.date | None, str]:
        """What makes no sense is the live version and four weeks."""
        said = self.cleaned_data if self.is_valid() else {}
        days = said.get("days") or "28"
        since = None if days == "all" else timezone.localdate() - dt.timedelta(days=int(days) - 1)
        return self.versions.get(said.get("version", ""), live), since, days


@require_safe
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    form = _form(request, pk)
    context: dict[str, Anything] = {"smart_form": form}
    if form.live_version:
        period = _period(request, form)
        version, since, days = period.chosen(form.live_version)
        context |= {
            "period": PeriodForm(
                initial={"version": str(version.number), "days": days}, versions=[*period.versions.values()]
            ),
            "version": version,
            "days": dict(_DAYS)[days],
            "figures": figures_of(version, since),
            "versions": versions_of(form, since),
            "query": f"version={version.number}&days={days}",
        }
    return render(request, "smartforms/figures/figures.html", context)


@require_safe
def figures_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    form = _form(request, pk)
    if form.live_version is None:
        return csv_file(form.slug, csv_lines(_titles(), []))
    version, since, days = _period(request, form).chosen(form.live_version)
    name = f"{form.slug}-version-{version.number}-{days}-days"
    return csv_file(name, csv_lines(_titles(), _lines(figures_of(version, since))))


def button(form: SmartForm) -> Button:
    """Among the buttons of the list, and of the editor."""
    return Button(_("Figures"), url=reverse("smartform_figures", args=[form.pk]), icon_name="order-down", priority=30)


def _form(request: HttpRequest, pk: int) -> SmartForm:
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    return get_object_or_404(SmartForm.objects.select_related("live_version"), pk=pk)


def _period(request: HttpRequest, form: SmartForm) -> PeriodForm:
    return PeriodForm(request.GET, versions=list(form.versions.order_by("-number")))


def _titles() -> list[str]:
    return [
        _("What"),
        _("Page or question"),
        _("Sentence"),
        _("How many"),
        _("Went on"),
        _("Left here"),
        _("Here now"),
        _("Half took no longer than"),
        _("9 of 10 took no longer than"),
        _("With a break, not timed"),
    ]


def _lines(found: Figures) -> Iterator[list[str]]:
    for title, part in (
        (_("Began"), found.began),
        (_("Came from an earlier version"), found.came),
        (_("Sent"), found.sent),
        (_("Ended with an explanation"), found.explained),
        (_("Left"), found.left),
        (_("Under way now"), found.under_way),
        (_("Went on in a newer version"), found.moved),
    ):
        yield [_("Form"), title, "", part.text, "", "", "", "", "", ""]
    for page in found.pages:
        counts = [part.text for part in (page.reached, page.went_on, page.left, page.here)]
        yield [_("Page"), page.title, "", *counts, page.median, page.most, page.breaks.text]
    for refusal in found.refusals:
        yield [_("Refused"), refusal.question, refusal.sentence, refusal.times.text, "", "", "", "", "", ""]
