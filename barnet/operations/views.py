"""`/staff/tasks/`: what the worker does, and what operators do about it."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit import periodic
from barnet.operations import periodic_runs, selectors, tasks
from barnet.operations.enums import ParkState, TaskActKind
from barnet.operations.forms import SettleForm

VIEW = "operations.view_tasks"
SETTLE = "operations.settle_tasks"


@require_safe
@never_cache
@staff_required(VIEW)
def task_board(request: HttpRequest) -> HttpResponse:
    shown = selectors.SHOWN
    return render(
        request,
        "operations/task_board.html",
        {
            "queue": selectors.queue_length(),
            "workers": selectors.workers(),
            "running": selectors.running()[:shown],
            "stuck": selectors.stuck()[:shown],
            "failing": selectors.failing()[:shown],
            "given_up": selectors.given_up()[:shown],
            "jobs": selectors.job_states(),
            "acts": selectors.acts()[:10],
            "may_settle": request.user.has_perm(SETTLE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW)
def parked_task(request: HttpRequest, pk: int) -> HttpResponse:
    parked = selectors.parked_task(pk)
    may_settle = request.user.has_perm(SETTLE) and parked.state == ParkState.PARKED
    form = SettleForm(request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm(SETTLE):
            return HttpResponse(status=403)
        if form.is_valid():
            return _settle(request, pk, form.cleaned_data)
    return render(
        request,
        "operations/parked_task.html",
        {
            "parked": parked,
            "form": form,
            "may_settle": may_settle,
            "acts": selectors.acts().filter(task_id=parked.task_id),
        },
    )


def _settle(request: HttpRequest, pk: int, chosen: dict[str, str]) -> HttpResponse:
    parked, user = selectors.parked_task(pk), cast(User, request.user)
    is_replay = chosen["act"] == TaskActKind.REPLAY
    try:
        is_ours = (tasks.replay if is_replay else tasks.discard)(parked, by=user, reason=chosen["reason"])
    except tasks.NoLongerReadableError:
        messages.warning(
            request, _("It cannot run again: it was signed with a key that is no longer valid. Discard it.")
        )
        return redirect("staff_task", pk=pk)
    if not is_ours:
        messages.info(request, _("Nothing to do: somebody has settled it already."))
    elif is_replay:
        messages.success(request, _("The task is on the queue again."))
    else:
        messages.success(request, _("The task is discarded."))
    return redirect("staff_tasks")


@require_POST
@staff_required(VIEW, SETTLE)
def run_job(request: HttpRequest) -> HttpResponse:
    try:
        job = periodic.job_of(request.POST.get("name", ""))
    except periodic.UnknownJobError:
        raise Http404 from None
    if periodic_runs.ask_for(job, by=cast(User, request.user)):
        messages.success(request, _("“%(job)s” is on the queue.") % {"job": job.name})
    else:
        messages.info(request, _("Nothing to do: “%(job)s” is on its way already.") % {"job": job.name})
    return redirect("staff_tasks")
