"""How rounds did, by week: what was due, what crews logged, what was reported as missed, and what came of it.

A report counts in the week of the collection that was missed. It is justified unless it was no miss of ours
(`NOT_OUR_MISS`, withdrawn). It was kept when the bin was collected by the day that we promised. A property counts as
repeated when it was missed on two days or more in the eight weeks up to the end of the week.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from portal.cases.enums import CaseState
from portal.waste.models import Collection, CrewLogEntry, MissedBin, Round, RoundNotice
from portal.waste.schedule import REACH, WEEK, Notices, collection_days
from portal.waste.selectors import shifts_between
from portal.waste.watching import NOT_OUR_MISS

_EXCEPTIONS = Q(outcome__in=("not_out", "contaminated", "no_access"))
_NOT_OURS = Q(case__outcome__in=NOT_OUR_MISS) | Q(case__state=CaseState.WITHDRAWN)
REPEATED_IN = 8 * WEEK


@dataclass(frozen=True)
class RoundWeek:
    """One line. `due` counts homes on the round, once for each collection that took place."""

    round: Round
    week: dt.date  # its Monday
    due: int
    exceptions: int
    missed: int
    justified: int
    kept: int
    repeated: int


Key = tuple[int, dt.date]


def round_weeks(rounds: QuerySet[Round], start: dt.date, weeks: int) -> list[RoundWeek]:
    """Each round in each week from the Monday `start`, earliest first. Seven queries, however many rounds and weeks."""
    end = start + weeks * WEEK
    tours = list(rounds.order_by("code"))
    due = _due(tours, start, end)
    logged = CrewLogEntry.objects.filter(_EXCEPTIONS, round__in=tours, on__gte=start, on__lt=end)
    exceptions = _by_week(logged.values_list("round", "on").annotate(Count("pk")))
    found = MissedBin.objects.filter(round__in=tours, due_on__gte=start, due_on__lt=end)
    ours = found.exclude(_NOT_OURS)
    in_time = ours.annotate(done_on=TruncDate("case__resolved_at")).filter(
        case__outcome="collected", done_on__lte=F("case__promise_on")
    )
    missed, justified, kept = (
        _by_week(part.values_list("round", "due_on").annotate(Count("pk"))) for part in (found, ours, in_time)
    )
    repeated = _repeated(tours, start, end)
    return [
        RoundWeek(
            tour, week, *(counts[tour.pk, week] for counts in (due, exceptions, missed, justified, kept, repeated))
        )
        for week in (start + number * WEEK for number in range(weeks))
        for tour in tours
    ]


def monday_of(on: dt.date) -> dt.date:
    return on - dt.timedelta(days=on.weekday())


def _by_week(rows: QuerySet) -> "Counter[Key]":  # type: ignore[type-arg]
    counts: Counter[Key] = Counter()
    for tour, on, count in rows:
        counts[tour, monday_of(on)] += count
    return counts


def _due(tours: list[Round], start: dt.date, end: dt.date) -> "Counter[Key]":
    """By today's homes: the portal does not keep who was on a round when. Notices about areas count as taking place."""
    homes = dict(Collection.objects.filter(round__in=tours).values_list("round").annotate(Count("pk")))
    shifts = shifts_between(start, end)
    notices = Notices(RoundNotice.objects.about(start - REACH, end + REACH).filter(area=None))
    counts: Counter[Key] = Counter()
    for tour in tours:
        for day in collection_days(tour, shifts, start, end, notices):
            if not day.is_suspended:
                counts[tour.pk, monday_of(day.on)] += homes.get(tour.pk, 0)
    return counts


def _repeated(tours: list[Round], start: dt.date, end: dt.date) -> "Counter[Key]":
    """Homes whose justified miss in the week was not their first in eight weeks."""
    misses = MissedBin.objects.filter(round__in=tours, due_on__gte=start - REPEATED_IN, due_on__lt=end)
    rows = misses.exclude(_NOT_OURS).values_list("round", "case__address", "due_on").order_by("due_on")
    days: dict[tuple[int, int], list[dt.date]] = {}
    found: set[tuple[int, int, dt.date]] = set()
    for tour, home, on in rows.distinct().iterator(2000):
        earlier = days.setdefault((tour, home), [])
        if on >= start and any(on - REPEATED_IN <= before < on for before in earlier):
            found.add((tour, home, monday_of(on)))
        earlier.append(on)
    return Counter((tour, week) for tour, _home, week in found)


def csv_rows(lines: list[RoundWeek]) -> Iterator[list[object]]:
    for line in lines:
        yield [
            line.round.code,
            line.round.name,
            line.week.isoformat(),
            line.due,
            line.exceptions,
            line.missed,
            line.justified,
            line.kept,
            line.repeated,
        ]
