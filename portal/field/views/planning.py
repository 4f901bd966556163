"""Team leaders give requests to crews for a day."""

from typing import cast

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
from portal.field.forms import MOST, PlanForm
from portal.field.selectors import planned_from, to_plan
from portal.field.services import plan_jobs

PLAN, VIEW_CASES = "field.plan_job", "cases.view_case"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, PLAN)
def plan(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    planned = list(planned_from(today)[:MOST])
    waiting = to_plan()
    offered = [*waiting[:MOST], *(job.case for job in planned)]
    form = PlanForm(request.POST if request.method == "POST" else None, cases=offered, initial={"planned_on": today})
    if form.is_valid():
        return _planned(request, form)
    read = [(case.customer, f"case {case.reference}") for case in offered]
    record_readings(actor=cast(User, request.user), read=read, purpose="planning jobs of crews")
    context = {"form": form, "planned": planned, "waiting_count": waiting.count(), "has_any": bool(offered)}
    return render(request, "field/plan.html", context)


def _planned(request: HttpRequest, form: PlanForm) -> HttpResponse:
    chosen, said = form.chosen(), form.cleaned_data
    actor = Actor.staff(cast(User, request.user))
    refusals = plan_jobs(chosen, actor=actor, crew=said["crew"], planned_on=said["planned_on"])
    count = len(chosen) - len(refusals)
    if count:
        words = ngettext("%(count)d job is planned for %(crew)s.", "%(count)d jobs are planned for %(crew)s.", count)
        messages.success(request, words % {"count": count, "crew": said["crew"]})
    for refusal in refusals:
        messages.warning(request, refusal)
    if not count and not refusals:
        messages.warning(request, _("Nothing was planned."))
    return redirect("staff_crews")
