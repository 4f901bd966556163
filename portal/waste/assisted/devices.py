"""What crews' devices are told: the homes whose bins they fetch, and what changed since they last asked.

Nothing is missed: `since` of an answer is no later than the beginning of the oldest transaction that may still change
something, and a trigger writes the moment of each change by the clock, not by the beginning of its transaction.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection as Several
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal.waste.models import AssistedCollection, Collection

MOST = 500


@dataclass(frozen=True)
class After:
    """The last row that was looked at: how a long answer goes on."""

    changed_at: dt.datetime
    pk: int


@dataclass(frozen=True)
class Given:
    homes: list[AssistedCollection]
    gone: list[int]  # ids of what is over, or on none of the rounds that were asked for: only that, and no place
    rounds: dict[int, list[str]]  # codes, by UPRN
    since: dt.datetime  # ask for what changed from then on
    next: After | None


def homes_for_devices(
    *, today: dt.date, round_code: str = "", since: dt.datetime | None = None, after: After | None = None
) -> Given:
    """Three queries, however many homes. Without `since`: what is agreed. With it: what changed."""
    settled = _nothing_open_before()
    found = AssistedCollection.objects.all()
    if since:
        found = found.filter(changed_at__gte=since)
    else:
        found = found.not_over(today)
        if round_code:
            found = found.filter(address__in=Collection.objects.filter(round__code=round_code).values("address"))
    if after:
        found = found.filter(Q(changed_at__gt=after.changed_at) | Q(changed_at=after.changed_at, pk__gt=after.pk))
    rows = list(found.select_related("address", "customer").order_by("changed_at", "pk")[: MOST + 1])
    seen = rows[:MOST]
    rounds = _rounds_of({one.address_id for one in seen})

    def is_theirs(one: AssistedCollection) -> bool:
        return not one.is_over(today) and (not round_code or round_code in rounds[one.address_id])

    return Given(
        homes=[one for one in seen if is_theirs(one)],
        gone=[one.pk for one in seen if not is_theirs(one)],
        rounds=rounds,
        since=settled,
        next=After(seen[-1].changed_at, seen[-1].pk) if len(rows) > MOST else None,
    )


def note_other_rounds(uprns: Several[int]) -> None:
    """These homes are on other rounds than before. Call it in the transaction that says so."""
    AssistedCollection.objects.filter(address__in=uprns).update(changed_at=timezone.now())


def _nothing_open_before() -> dt.datetime:
    """Every change that others will see after this moment says a later one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LEAST(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def _rounds_of(uprns: Several[int]) -> dict[int, list[str]]:
    rounds: dict[int, list[str]] = defaultdict(list)
    found = Collection.objects.filter(address__in=uprns).order_by("round__code")
    for uprn, code in found.values_list("address", "round__code"):
        rounds[uprn].append(code)
    return rounds
