"""Team leaders give requests to crews for a day."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.services import record_readings
from portal.cases.models import Case
from portal.cases.selectors import cases_seen_by
from portal.field.forms import MOST, PlanForm, WardForm, WholeWardForm
from portal.field.selectors import map_of_cases, planned_from, planned_in, to_plan, to_plan_in
from portal.field.services import plan_jobs

PLAN, VIEW_CASES = "field.plan_job", "cases.view_case"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, PLAN)
def plan(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    user = cast(User, request.user)
    seen = cases_seen_by(user)
    planned = list(planned_from(today).filter(case__in=seen)[:MOST])
    waiting = to_plan(user)
    offered = [*waiting[:MOST], *(job.case for job in planned)]
    form = PlanForm(request.POST if request.method == "POST" else None, cases=offered, initial={"planned_on": today})
    if form.is_valid():
        return _planned(request, form)
    read = [(case.customer, f"case {case.reference}") for case in offered]
    record_readings(actor=user, read=read, purpose="planning jobs of crews")
    context = {"form": form, "planned": planned, "waiting_count": waiting.count(), "has_any": bool(offered)}
    return render(request, "field/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, PLAN)
def plan_ward(request: HttpRequest) -> HttpResponse:
    """Everything of a service in a ward that is in no plan: chosen, looked at, planned. What is in a plan stays there,
    also when another team leader was faster by a moment."""
    user = cast(User, request.user)
    asked = request.GET if "ward" in request.GET else None
    form = WardForm(asked, user=user, initial={"planned_on": timezone.localdate()})
    if not form.is_valid():
        return render(request, "field/plan_ward.html", {"form": form})
    said = form.cleaned_data
    seen = cases_seen_by(user)
    waiting = to_plan_in(said["ward"], said["service"], user)
    shown, planned = list(waiting[:MOST]), list(planned_in(said["ward"], said["service"]).filter(case__in=seen)[:MOST])
    sent = WholeWardForm(request.POST if request.method == "POST" else None, shown=shown)
    if sent.is_valid():
        chosen = seen.filter(pk__in=sent.cleaned_data["cases"], ward=said["ward"], service=said["service"])
        return _tell(request, list(chosen.order_by("promise_on", "pk")), said, moves=False)
    read = [(case.customer, f"case {case.reference}") for case in (*shown, *(job.case for job in planned))]
    record_readings(actor=user, read=read, purpose="planning jobs of crews")
    context = {
        **said,
        "form": form,
        "sent": sent,
        "cases": shown,
        "waiting_count": waiting.count(),
        "planned": planned,
        "map": map_of_cases(shown, _("Where the requests are")),
    }
    return render(request, "field/plan_ward_preview.html", context)


def _planned(request: HttpRequest, form: PlanForm) -> HttpResponse:
    return _tell(request, form.chosen(), form.cleaned_data)


def _tell(request: HttpRequest, chosen: list[Case], said: dict[str, Any], *, moves: bool = True) -> HttpResponse:
    actor = Actor.staff(cast(User, request.user))
    refusals = plan_jobs(chosen, actor=actor, crew=said["crew"], planned_on=said["planned_on"], moves=moves)
    count = len(chosen) - len(refusals)
    if count:
        words = ngettext("%(count)d job is planned for %(crew)s.", "%(count)d jobs are planned for %(crew)s.", count)
        messages.success(request, words % {"count": count, "crew": said["crew"]})
    for refusal in refusals:
        messages.warning(request, refusal)
    if not count and not refusals:
        messages.warning(request, _("Nothing was planned."))
    return redirect("staff_crews")
