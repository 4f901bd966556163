"""One act on the requests that were ticked: what to do, what each customer will receive, what became of each."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.models import BulkAct, Case
from portal.cases.selectors import cases_seen_by
from portal.cases.services import do_many, rehearse
from portal.workbench.forms.many import ManyForm
from portal.workbench.many import MANY, ManyAct, readings_of
from portal.workbench.paging import PAGE_SIZE
from portal.workbench.trail import in_list, list_address, of_list
from portal.workbench.views.common import ASSIGN_CASES, VIEW_CASES, staff_of


@require_POST
@staff_required(VIEW_CASES, ASSIGN_CASES)
def act_on_many(request: HttpRequest, act: str) -> HttpResponse:
    """`step` is empty when the ticks arrive, `preview` with the answers, `do` when they were looked at."""
    chosen = MANY.get(act)
    if chosen is None:
        raise Http404
    if not chosen.is_allowed(staff_of(request)):
        raise PermissionDenied
    seen = _ticked(request.POST.getlist("case"))
    cases = _cases(seen, staff_of(request))
    if not cases:
        return render(request, "workbench/many_none.html", {"back": _back(request)}, status=400)
    step = request.POST.get("step", "")
    form = chosen.form_class(request.POST if step else None, cases=cases, request=request)
    if step not in {"preview", "do"} or not form.is_valid():
        return _ask(request, chosen, cases, seen, form)
    return (_preview if step == "preview" else _do)(request, chosen, cases, seen, form)


def _cases(seen: dict[int, int], user: User) -> list[Case]:
    shown = ("service", "team", "address", "customer")
    return list(cases_seen_by(user).filter(pk__in=seen).select_related(*shown).order_by("promise_on", "pk"))


def _ask(request: HttpRequest, act: ManyAct, cases: list[Case], seen: dict[int, int], form: ManyForm) -> HttpResponse:
    context = {"act": act, "cases": cases, "seen": seen, "form": form, "back": _back(request)}
    return render(request, "workbench/many.html", context)


def _preview(
    request: HttpRequest, act: ManyAct, cases: list[Case], seen: dict[int, int], form: ManyForm
) -> HttpResponse:
    sees_customer = staff_of(request).has_perm("customers.view_customer")
    rehearsals = rehearse(cases, versions=seen, perform=act.perform(form, staff_of(request)))
    done = [(r.case, readings_of(r, sees_customer=sees_customer)) for r in rehearsals if not r.refusal]
    context = {
        "act": act,
        "seen": seen,
        "form": form,
        "back": _back(request),
        "done": done,
        "told": sum(len(readings) for _case, readings in done),
        "left_out": [rehearsal for rehearsal in rehearsals if rehearsal.refusal],
    }
    return render(request, "workbench/many_preview.html", context)


def _do(request: HttpRequest, act: ManyAct, cases: list[Case], seen: dict[int, int], form: ManyForm) -> HttpResponse:
    user = staff_of(request)
    bulk_act = do_many(
        cases,
        act=act.slug,
        actor=user,
        submission_key=form.cleaned_data["submission_key"],
        versions=seen,
        perform=act.perform(form, user),
    )
    return redirect(of_list(reverse("staff_cases_many_done", args=[bulk_act.pk]), urlsplit(_back(request)).query))


@require_safe
@staff_required(VIEW_CASES, ASSIGN_CASES)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """For who did it."""
    bulk_act = get_object_or_404(BulkAct, pk=min(pk, 2**62), actor=staff_of(request))
    results = list(bulk_act.results.select_related("case"))
    context = {
        "act": MANY.get(bulk_act.act),
        "results": results,
        "done": sum(not result.refusal for result in results),
        "back": list_address(request),
        "in_list": in_list(request, ""),
    }
    return render(request, "workbench/many_done.html", context)


def _ticked(values: Iterable[str]) -> dict[int, int]:
    """`17:3` is case 17 as it was at version 3. What is not of that shape was not ticked in our list."""
    seen = {}
    for value in list(values)[:PAGE_SIZE]:
        pk, _colon, version = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (pk, version)):
            seen[int(pk)] = int(version)
    return seen


def _back(request: HttpRequest) -> str:
    address, home = request.POST.get("back", ""), reverse("staff_cases")
    is_ours = address.startswith(home) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else home
