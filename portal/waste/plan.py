"""Collection days of many homes at once: shifts, notices and rounds are read once, homes in batches."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Iterable
from functools import cached_property

from barnet.gazetteer.models import Address, Area
from portal.waste.models import Collection, Round, RoundNotice
from portal.waste.schedule import REACH, CollectionDay, Notices, Shifts, collection_days
from portal.waste.selectors import shifts_between

Areas = frozenset[int]
_NOWHERE: Areas = frozenset()


class Plan:
    """The collections of every home from `start` up to, not including, `end`, as they stand when it is made."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        self.start, self.end = start, end
        self.shifts: Shifts = shifts_between(start, end)
        self.notices = Notices(RoundNotice.objects.about(start - REACH, end + REACH).select_related("round"))
        self._rounds = {tour.pk: tour for tour in Round.objects.all()}
        self._known: dict[tuple[int, Areas], list[CollectionDay]] = {}

    def days_of(self, uprns: Many[int]) -> dict[int, list[CollectionDay]]:
        """By home, earliest first. One query, and one more for each area that a notice is about."""
        areas = self._areas_of(uprns)
        found: dict[int, list[CollectionDay]] = defaultdict(list)
        for uprn, tour in Collection.objects.filter(address__in=uprns).values_list("address", "round"):
            found[uprn] += self._days(tour, areas.get(uprn, _NOWHERE))
        return {uprn: sorted(days, key=lambda day: (day.on, day.stream)) for uprn, days in found.items()}

    def _days(self, tour: int, areas: Areas) -> list[CollectionDay]:
        if (tour, areas) not in self._known:
            there = self.notices.there(areas)
            self._known[tour, areas] = collection_days(self._rounds[tour], self.shifts, self.start, self.end, there)
        return self._known[tour, areas]

    def _areas_of(self, uprns: Many[int]) -> dict[int, Areas]:
        found: dict[int, set[int]] = defaultdict(set)
        for area in self._areas:
            there = Address.objects.filter(pk__in=uprns, location__coveredby=area.geometry)
            for uprn in there.values_list("pk", flat=True):
                found[uprn].add(area.pk)
        return {uprn: frozenset(areas) for uprn, areas in found.items()}

    @cached_property
    def _areas(self) -> Iterable[Area]:
        return list(Area.objects.filter(pk__in=self.notices.area_ids))
