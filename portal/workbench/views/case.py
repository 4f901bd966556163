"""One request on one screen, and everything that can be done to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.alerting.placing import alerts_of
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.selectors import needs_of
from barnet.customers.services import record_readings
from portal.cases.models import Attachment, Case
from portal.cases.registry import kind_for, staff_links_of
from portal.cases.selectors import (
    case_for_staff,
    case_named,
    cases_at_address,
    contacts_of_case,
    may_be_the_same,
    open_question,
    others_on,
    outcome_label,
    relations_of,
    replies_for,
    sees,
    staff_timeline,
    versions_of,
)
from portal.cases.selectors.offices import deliveries_of
from portal.cases.services import MoveRefusedError, StaleCaseError, may_have_code, note_presence, see_mentions
from portal.workbench.acts import ACTS, ERASE, SERVE, Act, acts_for
from portal.workbench.forms.acts import ActForm
from portal.workbench.forms.replies import ReplyForm
from portal.workbench.places import map_of
from portal.workbench.trail import in_list, list_address, request_url, trail_of
from portal.workbench.versions import changes_of
from portal.workbench.views.common import VIEW_CASES, staff_of

PURPOSE = "casework"
OTHERS_SHOWN = 5
SETTLING = ("merge", "relate", "not-the-same")
WRITTEN = (
    "question",
    "answer",
    "why",
    "note",
    "public_reason",
    "text",
    "caption",
    "reference",
    "title",
)  # what a person may have typed
CUSTOMER, VERSIONS = "customers.view_customer", "cases.view_caseevent"


@require_safe
@staff_required(VIEW_CASES)
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    user = staff_of(request)
    case = case_for_staff(user, reference, purpose=PURPOSE)
    if reference != case.reference:
        return redirect(request_url(request, case.reference))
    note_presence(case, user=user)
    see_mentions(case, user=user)
    kind = kind_for(case.service.slug)
    entries = list(staff_timeline(case))
    acts = acts_for(case, user)
    others = list(cases_at_address(case, user)[: OTHERS_SHOWN + 1])
    context = {
        "case": case,
        "is_late": case.is_late(timezone.localdate()),
        "is_silent": case.is_silent(timezone.now()),
        "sees_customer": user.has_perm(CUSTOMER),
        "may_have_code": user.has_perm(SERVE) and may_have_code(case),
        "sees_versions": user.has_perm(VERSIONS),
        "present": others_on(case, user),
        "trail": trail_of(request, user, case),
        "in_list": in_list(request, ""),
        "seen": {"version": case.version, "last_entry": max((entry.pk for entry in entries), default=0)},
        "acts": acts,
        "shortcuts": [act for act in acts if act.shortcut],
        "main_act": _main_act(case),
        "question": open_question(case),
        "outcome": outcome_label(case),
        "panel_title": kind.panel_title,
        "panel": [
            *(kind.staff_rows(case) if kind.staff_rows else ()),
            *(kind.private_rows(case, user) if kind.private_rows else ()),
        ],
        "links": staff_links_of(case, user),
        "relations": relations_of(case, user),
        "may_unrelate": ACTS["unrelate"].is_allowed(user),
        **_suggestions(case, user),
        "map": map_of(case),
        "entries": entries,
        **_files_of(case),
        "may_erase": user.has_perm(ERASE),
        "alerts": alerts_of(case.customer, seen_by=user),
        "needs": needs_of(case.customer) if case.customer else [],
        "followers": case.followers.select_related("customer"),
        "deliveries": deliveries_of(case),
        "contacts": contacts_of_case(case)[:20],
        "others": others[:OTHERS_SHOWN],
        "has_more_others": len(others) > OTHERS_SHOWN,
    }
    return render(request, "workbench/case.html", context)


def _suggestions(case: Case, user: User) -> dict[str, Any]:
    """What may be the same, and the acts that settle it. Who looks at the page reads of the others, too."""
    found = may_be_the_same(case, seen_by=user)
    if found:
        read = [(each.case.customer, f"case {each.case.reference}") for each in found]
        record_readings(actor=user, read=read, purpose="may be the same request")
    settling = [ACTS[slug] for slug in SETTLING]
    acts = [act for act in settling if act.is_possible(case) and act.is_allowed(user)]
    return {"suggestions": found, "settling": acts}


def _files_of(case: Case) -> dict[str, list[Attachment]]:
    found = list(case.attachments.all())
    return {"photos": [one for one in found if one.is_photo], "files": [one for one in found if not one.is_photo]}


def _main_act(case: Case) -> str:
    """What comes next: somebody takes it, then it is resolved."""
    return "resolve" if case.assignee_id else "take" if case.team_id else "assign"


@require_safe
@staff_required(VIEW_CASES, VERSIONS)
def versions(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_for_staff(staff_of(request), reference, purpose="history of versions")
    changes = changes_of(versions_of(case)[:200])
    return render(request, "workbench/versions.html", {"case": case, "changes": changes})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW_CASES)
def act_on(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    user = staff_of(request)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if not chosen.is_allowed(user):
        raise PermissionDenied
    case = case_for_staff(user, reference, purpose=PURPOSE)
    if request.method != "POST":
        return _show_new(request, chosen, case)
    form = chosen.form_class(request.POST, request.FILES, case=case, user=user)
    if not form.is_valid():
        return _show(request, chosen, case, form)
    return _perform(request, chosen, case, form)


def _show_new(request: HttpRequest, act: Act, case: Case) -> HttpResponse:
    """As it opens: empty, or with the ready reply that was chosen in the address."""
    replies = replies_for(case, act.slug) if act.replies_into else []
    choice = ReplyForm({"reply": request.GET.get("reply", "")}, replies=replies)
    reply = choice.chosen()
    initial: dict[str, Any] = _seen(case)
    words = {act.replies_into: reply.text, "outcome": reply.outcome} if reply else {}
    other = _other_named(request, act)
    named = {"reference": other.reference} if other else {}
    form = act.form_class(case=case, user=staff_of(request), initial={**initial, **words, **named})
    return _show(request, act, case, form, choice=choice if replies else None, other=other)


def _other_named(request: HttpRequest, act: Act) -> Case | None:
    """The request in the address that the act would put beside this one: looked at before anything is done."""
    if act.slug not in SETTLING or not request.GET.get("other"):
        return None
    user = staff_of(request)
    named = case_named(request.GET["other"], user)
    return case_for_staff(user, named.reference, purpose="may be the same request") if named else None


def _perform(request: HttpRequest, act: Act, case: Case, form: ActForm) -> HttpResponse:
    try:
        act.perform(case, staff_of(request), form)
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, act, case, form)
    except StaleCaseError as stale:
        return _show_stale(request, act, stale, form)
    messages.success(request, str(act.done))
    if not sees(staff_of(request), case):  # it went to another team
        return redirect(list_address(request))
    return redirect(request_url(request, case.reference))


def _show_stale(request: HttpRequest, act: Act, stale: StaleCaseError, form: ActForm) -> HttpResponse:
    """Both texts: what others did since, and what this person wrote, ready to be sent again on the new version."""
    newer = staff_timeline(stale.case).filter(pk__gt=form.cleaned_data["last_entry"])
    answers = request.POST.copy()
    for name, value in _seen(stale.case).items():
        answers[name] = str(value)
    again = act.form_class(answers, request.FILES, case=stale.case, user=staff_of(request))
    again.add_error(None, str(stale))
    return _show(request, act, stale.case, again, newer=newer, status=409)


def _show(
    request: HttpRequest,
    act: Act,
    case: Case,
    form: ActForm,
    *,
    newer: Any = (),
    choice: ReplyForm | None = None,
    other: Case | None = None,
    status: int = 200,
) -> HttpResponse:
    note_presence(case, user=staff_of(request))
    context = {
        "present": others_on(case, staff_of(request)),
        "case": case,
        "act": act,
        "form": form,
        "newer": newer,
        "choice": choice,
        "other": other,
        "told_count": _told_count(case) if other and act.slug == "merge" else 0,
        "kept_in_address": {"in": request.GET["in"]} if "in" in request.GET else {},
        "written": [text for name in WRITTEN if (text := form.data.get(name))],
        "sees_customer": staff_of(request).has_perm(CUSTOMER),
        "case_url": request_url(request, case.reference),
        "is_possible": act.is_possible(case),
        "is_late": case.is_late(timezone.localdate()),
        "question": open_question(case),
    }
    return render(request, "workbench/act.html", context, status=status)


def _told_count(case: Case) -> int:
    """Who hears that this request is dealt with as another."""
    return case.followers.count() + bool(case.customer_id or case.contact_email)


def _seen(case: Case) -> dict[str, int]:
    last = case.timeline.order_by("-pk").values_list("pk", flat=True).first()
    return {"version": case.version, "last_entry": last or 0}
