"""Which requests a member of staff sees, among those that their role lets them read at all.

- Somebody in no team, or in an office team without bounds, sees every request.
- Else: what is given to them or to whom they cover, what is with one of their teams, what lies within the services and
  wards of one of them, and that in whose notes they were named.
"""

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils import timezone

from barnet.customers.models import User
from portal.cases.enums import TeamKind
from portal.cases.models import Absence, Case, CaseQuerySet, Mention

_KEPT = "_bounds_of_teams"  # on the user, as permissions are: one query for a page


def cases_seen_by(user: User) -> CaseQuerySet:
    bounds = bounds_of(user)
    return Case.objects.all() if bounds is None else Case.objects.filter(bounds)


def sees(user: User, case: Case) -> bool:
    return bounds_of(user) is None or cases_seen_by(user).filter(pk=case.pk).exists()


def bounds_of(user: User) -> Q | None:
    """None: there are none."""
    if not hasattr(user, _KEPT):
        setattr(user, _KEPT, _read_bounds(user))
    found: Q | None = getattr(user, _KEPT)
    return found


def _read_bounds(user: User) -> Q | None:
    teams = list(
        user.teams.annotate(
            service_keys=ArrayAgg("services", distinct=True, filter=Q(services__isnull=False), default=[]),
            ward_keys=ArrayAgg("wards", distinct=True, filter=Q(wards__isnull=False), default=[]),
        ).values_list("pk", "kind", "service_keys", "ward_keys")
    )
    bounded = [kind == TeamKind.CREW or services or wards for _pk, kind, services, wards in teams]
    if not all(bounded) or not teams:
        return None
    today = timezone.localdate()
    # Keys, not subqueries: only with what is known can each part of the list take its own index.
    covered = Absence.objects.on(today).filter(cover=user).values_list("person", flat=True)
    named_in = Mention.objects.filter(person=user).values_list("entry__case", flat=True).distinct()
    seen = Q(assignee__in=[user.pk, *covered]) | Q(team__in=[pk for pk, *_rest in teams]) | Q(pk__in=list(named_in))
    for _pk, _kind, services, wards in teams:
        if services or wards:
            seen |= (Q(service__in=services) if services else Q()) & (Q(ward__in=wards) if wards else Q())
    return seen
