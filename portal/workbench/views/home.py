from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.selectors import QueueFilters, away_on, covered_by, queue, queue_counts, unseen_mentions
from portal.cases.selectors.offices import given_up
from portal.workbench.views.common import VIEW_CASES, staff_of
from portal.workbench.views.desk import counted_views

SHOWN = 10


@require_safe
@staff_required()
def home(request: HttpRequest) -> HttpResponse:
    user = staff_of(request)
    context: dict[str, object] = {"today": timezone.localdate()}
    if user.has_perm(VIEW_CASES):
        context |= {
            "tiles": _tiles(user) + _given_up_tile(user),
            "mine": queue(QueueFilters(seen_by=user, is_open=True, mine=user))[:SHOWN],
            "teams": [team.name for team in user.teams.all()],
            "views": counted_views(user),
            "covered": covered_by(user, timezone.localdate()),
            "away": away_on(timezone.localdate()).filter(person=user).first(),
        }
    return render(request, "workbench/home.html", context)


def _tiles(user: User) -> list[tuple[str, int, str]]:
    counts = queue_counts(user)
    cases = reverse("staff_cases")
    return [
        (_("Given to me"), counts.mine, f"{cases}?assignee=mine"),
        (_("With my teams"), counts.my_teams, f"{cases}?team=mine"),
        (_("Given to nobody"), counts.unassigned, f"{cases}?team=nobody"),
        (_("Due today"), counts.due_today, f"{cases}?due=today"),
        (_("Late"), counts.late, f"{cases}?due=late"),
        (_("Customer waits for a word"), counts.silent, f"{cases}?due=silent"),
        (_("Customer wrote to us"), counts.wrote, f"{cases}?due=wrote"),
        (_("Waiting for an answer"), counts.waiting, f"{cases}?state=waiting"),
        (_("Opened again"), counts.reopened, f"{cases}?due=reopened"),
        (_("Named in notes, not read yet"), unseen_mentions(user), reverse("staff_mentions")),
    ]


def _given_up_tile(user: User) -> list[tuple[str, int, str]]:
    if not (user.has_perm("cases.replay_delivery") and user.has_perm("cases.view_delivery")):
        return []
    return [(_("Not told to a back office"), given_up().count(), reverse("staff_given_up"))]
