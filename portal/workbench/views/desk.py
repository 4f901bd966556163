"""What staff keep of their own: saved views of the queue, days away, and who else has a request open."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Absence, SavedView
from portal.cases.selectors import (
    COUNTED_UP_TO,
    absences_from,
    case_on_screen,
    mentions_of,
    others_on,
    view_counts,
    views_for,
)
from portal.cases.services import end_absence, note_presence, record_absence, remove_view, save_view
from portal.workbench.forms.desk import AbsenceForm, SavedViewForm
from portal.workbench.forms.filters import FilterChoices, QueueFilterForm
from portal.workbench.paging import PAGE_SIZE
from portal.workbench.trail import filters_in
from portal.workbench.views.common import ASSIGN_CASES, VIEW_CASES, staff_of

LEAD = "cases.change_absence"  # of everybody in one's teams


# --- Saved views ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountedView:
    view: SavedView
    url: str
    number: str  # empty for filters that the queue no longer understands
    may_be_removed: bool


def counted_views(user: User) -> list[CountedView]:
    """The same few queries, however many views."""
    views = list(views_for(user))
    if not views:
        return []
    choices = FilterChoices.load()
    forms = {view.pk: QueueFilterForm(QueryDict(view.filters), user=user, choices=choices) for view in views}
    valid = {pk: form.filters() for pk, form in forms.items() if form.is_valid()}
    counts = view_counts(user, valid)
    may_remove = user.has_perm(ASSIGN_CASES)
    return [
        CountedView(
            view,
            "?".join(filter(None, [reverse("staff_cases"), view.filters])),
            _number(counts.get(view.pk, 0)) if view.pk in valid else "",
            view.team_id is None or may_remove,
        )
        for view in views
    ]


def _number(count: int) -> str:
    return _("more than %(count)d") % {"count": COUNTED_UP_TO} if count > COUNTED_UP_TO else str(count)


@require_safe
@staff_required(VIEW_CASES)
def saved_views(request: HttpRequest) -> HttpResponse:
    return render(request, "workbench/views.html", {"views": counted_views(staff_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW_CASES)
def new_view(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    answers = request.POST if request.method == "POST" else None
    form = SavedViewForm(answers, user=user, initial={"filters": filters_in(request)})
    if not (form.is_bound and form.is_valid()):
        return render(request, "workbench/view_new.html", {"form": form})
    said = form.cleaned_data
    save_view(user=user, name=said["name"], filters=said["filters"], team=said["team"])
    messages.success(request, _("The view is saved."))
    return redirect("staff_views")


@require_POST
@staff_required(VIEW_CASES)
def view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff_of(request)
    view = get_object_or_404(views_for(user), pk=min(pk, 2**62))
    if view.team_id and not user.has_perm(ASSIGN_CASES):
        raise Http404
    remove_view(view)
    messages.success(request, _("The view is removed."))
    return redirect("staff_views")


# --- Days away --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW_CASES)
def absence(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    people = _people_of(user)
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        people=people,
        covers=_caseworkers(),
        initial={"person": user.pk},
    )
    if form.is_bound and form.is_valid() and _record(form, user):
        messages.success(request, _("Noted. Their requests go to who looks after them on these days."))
        return redirect("staff_absence")
    shown = absences_from(timezone.localdate()).filter(Q(person__in=people) | Q(cover=user))
    ending = {person.pk for person in people}
    context = {"form": form, "absences": [(found, found.person_id in ending) for found in shown]}
    return render(request, "workbench/absence.html", context)


def _record(form: AbsenceForm, user: User) -> bool:
    said = form.cleaned_data
    try:
        record_absence(said["person"], cover=said["cover"], from_on=said["from_on"], until_on=said["until_on"], by=user)
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
@staff_required(VIEW_CASES)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Absence, pk=min(pk, 2**62), person__in=_people_of(staff_of(request)))
    end_absence(found)
    messages.success(request, _("Taken back."))
    return redirect("staff_absence")


def _people_of(user: User) -> QuerySet[User]:
    """Whose absence they may note."""
    mine = Q(pk=user.pk)
    if user.has_perm(LEAD):
        mine |= Q(pk__in=User.objects.filter(teams__in=user.teams.all(), is_active=True).values("pk"))
    return User.objects.filter(mine).order_by("first_name", "email")


def _caseworkers() -> QuerySet[User]:
    in_teams = User.objects.filter(is_staff=True, is_active=True, teams__isnull=False)
    return in_teams.distinct().order_by("first_name", "email")


# --- Who else has it open ---------------------------------------------------------------------------------------------


@require_safe
@staff_required(VIEW_CASES)
def presence(request: HttpRequest, reference: str) -> HttpResponse:
    """A piece of the page of a request. It says nothing of the request, so it leaves no record of a reading."""
    user = staff_of(request)
    case = case_on_screen(user, reference)
    note_presence(case, user=user)
    response = render(request, "workbench/_present.html", {"present": others_on(case, user)})
    response["Cache-Control"] = "no-store"
    return response


# --- Mentions ---------------------------------------------------------------------------------------------------------


@require_safe
@staff_required(VIEW_CASES)
def mentions(request: HttpRequest) -> HttpResponse:
    page = Paginator(mentions_of(staff_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "workbench/mentions.html", {"page": page})
