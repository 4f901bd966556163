"""What staff keep of their own: saved views with their numbers, who has a request open, who is away."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.db.models import IntegerField, Q, QuerySet, Value, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils import timezone

from barnet.customers.models import User
from portal.cases.models import Absence, Case, Presence, SavedView
from portal.cases.selectors.queues import QueueFilters, having
from portal.cases.selectors.residents import canonical
from portal.cases.selectors.seeing import cases_seen_by

COUNTED_UP_TO = 500  # more than a view can be worked through
PRESENT_FOR = dt.timedelta(minutes=2)


def views_for(user: User) -> QuerySet[SavedView]:
    """Their own, and those of their teams."""
    mine = Q(owner=user) | Q(team__in=user.teams.all())
    return SavedView.objects.filter(mine).select_related("team").order_by("team__name", "name", "pk")


def view_counts(user: User, filters: Mapping[int, QueueFilters]) -> dict[int, int]:
    """How many requests each view shows, no further than COUNTED_UP_TO + 1: two queries, however many views."""
    prefetch_related_objects([user], "teams")
    parts = [
        having(asked).order_by().annotate(view=Value(key, IntegerField())).values_list("view")[: COUNTED_UP_TO + 1]
        for key, asked in filters.items()
    ]
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return dict(Counter(view for (view,) in found))


def case_on_screen(user: User, reference: str) -> Case:
    """For who has its page open: nothing of the request is shown, so that no reading is recorded."""
    return get_object_or_404(cases_seen_by(user).only("pk"), reference=canonical(reference))


def others_on(case: Case, user: User) -> list[str]:
    """Names of colleagues who have the request on screen now."""
    now = timezone.now()
    present = Presence.objects.filter(case=case, seen_at__gte=now - PRESENT_FOR).exclude(person=user)
    return [str(presence.person) for presence in present.select_related("person").order_by("seen_at")]


def absences_from(today: dt.date) -> QuerySet[Absence]:
    """Those of today and later."""
    return Absence.objects.filter(until_on__gte=today).select_related("person", "cover")


def away_on(today: dt.date) -> QuerySet[Absence]:
    return Absence.objects.on(today).select_related("person", "cover")


def covered_by(user: User, today: dt.date) -> list[User]:
    """Whose requests are theirs today, besides their own."""
    return [absence.person for absence in away_on(today).filter(cover=user)]
