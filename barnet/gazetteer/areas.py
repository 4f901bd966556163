"""In which areas a place lay on a day.

Guarantees: on every day at most one vintage of an area answers; a point on a border lies in one area of each kind, that
of the lowest code, but in every one of those kinds that overlap; a postcode is answered for only where all its
addresses agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection

from barnet.gazetteer.enums import OVERLAPPING, AreaKind, PostcodeQuality
from barnet.gazetteer.models import BNG, Address, Area, Postcode
from barnet.gazetteer.postcodes import parse_postcode

MARGIN = 150  # metres between the point of a postcode and a boundary, within which only the address can tell

# An area's own geometry is the largest thing about it, and nobody who asks where a point lies wants it.
_AT_POINTS = """
    SELECT DISTINCT ON (p.place, a.kind, CASE WHEN a.kind = ANY(%(overlapping)s) THEN a.code END) p.place, a.id
    FROM unnest(%(east)s::float8[], %(north)s::float8[]) WITH ORDINALITY AS p (east, north, place)
    JOIN gazetteer_area a ON ST_Intersects(a.geometry, ST_SetSRID(ST_MakePoint(p.east, p.north), %(grid)s))
    WHERE a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
      AND (%(kind)s = '' OR a.kind = %(kind)s)
    ORDER BY p.place, a.kind, CASE WHEN a.kind = ANY(%(overlapping)s) THEN a.code END, a.code, a.id
"""


@dataclass(frozen=True)
class PostcodeAreas:
    """`areas`: those in which every address of the postcode lies. `ask`: the kinds for which a boundary runs through
    it, or may: there only the address can tell."""

    postcode: str
    areas: list[Area] = field(default_factory=list)
    ask: list[AreaKind] = field(default_factory=list)
    is_known: bool = True

    @property
    def is_certain(self) -> bool:
        return self.is_known and not self.ask


def areas_at(point: Point, on: dt.date, kind: str | None = None) -> list[Area]:
    """The areas valid on that day that the point lies in, by kind: one of each, all of an overlapping kind."""
    return areas_at_points([point], on, kind)[0]


def areas_at_points(points: Sequence[Point], on: dt.date, kind: str | None = None) -> list[list[Area]]:
    """As `areas_at`, of many points in one question; in their order."""
    if not points:
        return []
    asked: dict[str, Any] = {
        "east": [point.x for point in points],
        "north": [point.y for point in points],
        "grid": BNG,
        "on": on,
        "kind": kind or "",
        "overlapping": [str(kind) for kind in OVERLAPPING],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AT_POINTS, asked)
        found = cursor.fetchall()
    areas = Area.objects.defer("geometry").in_bulk({area for _place, area in found})
    at: list[list[Area]] = [[] for _point in points]
    for place, area in found:
        at[place - 1].append(areas[area])
    return at


def ward_at(point: Point | None, on: dt.date) -> Area | None:
    wards = areas_at(point, on, AreaKind.WARD) if point else []
    return wards[0] if wards else None


def postcode_areas(text: str, on: dt.date, kind: str | None = None) -> PostcodeAreas:
    """What can be said of a postcode without an address. Never raises; an unknown postcode is known by `is_known`."""
    postcode = parse_postcode(text)
    if postcode is None:
        return PostcodeAreas(text[:10], is_known=False)
    key = postcode.replace(" ", "")
    points = list(Address.objects.postal().filter(postcode_key=key).values_list("location", flat=True))
    if points:
        return _where_all_agree(postcode, areas_at_points(points, on, kind))
    of_the_country = Postcode.objects.filter(pk=key).exclude(location=None).first()
    if of_the_country is None:
        return PostcodeAreas(postcode, is_known=False)
    return _by_its_point(of_the_country, on, kind)


def _where_all_agree(postcode: str, at: list[list[Area]]) -> PostcodeAreas:
    sets: dict[str, set[frozenset[Area]]] = defaultdict(set)
    kinds = {area.kind for areas in at for area in areas}
    for areas in at:
        for kind in kinds:
            sets[kind].add(frozenset(area for area in areas if area.kind == kind))
    agreed = [area for found in sets.values() if len(found) == 1 for area in next(iter(found))]
    ask = [AreaKind(kind) for kind, found in sorted(sets.items()) if len(found) > 1]
    return PostcodeAreas(postcode, sorted(agreed, key=lambda area: (area.kind, area.code)), ask)


def _by_its_point(postcode: Postcode, on: dt.date, kind: str | None) -> PostcodeAreas:
    """Certain only where the point is good and no boundary is near."""
    point = postcode.location
    assert point is not None  # the caller chose one that has it
    inside = areas_at(point, on, kind)
    near = Area.objects.valid(on).filter(geometry__dwithin=(point, MARGIN)).defer("geometry")
    near = near.filter(kind=kind) if kind else near
    doubtful = {area.kind for area in near if area not in inside}
    doubtful |= set(_inside_but_near_the_edge(inside, point))
    if postcode.quality != PostcodeQuality.EXACT:
        doubtful = {area.kind for area in [*inside, *near]}
    certain = [area for area in inside if area.kind not in doubtful]
    return PostcodeAreas(postcode.postcode, certain, [AreaKind(kind) for kind in sorted(doubtful)])


def _inside_but_near_the_edge(inside: list[Area], point: Point) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind FROM gazetteer_area
            WHERE id = ANY(%s) AND ST_Distance(ST_Boundary(geometry), ST_SetSRID(ST_MakePoint(%s, %s), %s)) < %s
            """,
            [[area.pk for area in inside], point.x, point.y, BNG, MARGIN],
        )
        return [kind for (kind,) in cursor.fetchall()]
