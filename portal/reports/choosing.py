"""Choosing a place on a map of the borough: a press shows that part nearer, and the nearest press is the place.

All of it is in the address of the page. A browser says where its picture was pressed in points of the screen, so the
picture has one of two fixed sizes, and the name of what was pressed says which.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import SnapToGrid
from django.contrib.gis.geos import Point, Polygon
from django.db.models import Count, F, Func, Value
from django.utils.translation import gettext as _

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import BNG, Address, Area
from barnet.kit.maps import WIDTH, LocatorMap, Neighbour, Outline
from portal.reports.places import point_in_metres

SIZES = {"phone": 288, "desk": 540}  # points of the screen, as in `_locator-map.scss`
LEVELS = (2000, 500)  # metres from side to side, below the whole borough
_WIDEST = 20_000
_FINE = 60  # dots beside each other
_NAMED = 12  # streets


@dataclass(frozen=True)
class Window:
    """A square of the ground."""

    middle: Point
    metres: int
    is_whole: bool = False

    @property
    def nearer(self) -> int | None:
        """The width after a press; none: the press is the place."""
        return next((level for level in LEVELS if level <= self.metres / 2), None)

    @property
    def further(self) -> int | None:
        """The width one step out; none: the whole borough."""
        return next((level for level in reversed(LEVELS) if level >= self.metres * 2), None)

    @property
    def box(self) -> Polygon:
        half = self.metres / 2
        x, y = self.middle.coords
        box = Polygon.from_bbox((x - half, y - half, x + half, y + half))
        box.srid = BNG
        return box

    def pressed(self, said: Mapping[str, str]) -> Point | None:
        """Where a press was, told by a browser. The Enter key presses at 0, 0: it means the middle."""
        if "middle" in said:
            return self.middle
        for name, size in SIZES.items():
            across, down = said.get(f"{name}.x", ""), said.get(f"{name}.y", "")
            if across.isascii() and across.isdigit() and down.isascii() and down.isdigit():
                if int(across) == int(down) == 0:
                    return self.middle
                return self.moved(min(int(across), size) / size - 0.5, 0.5 - min(int(down), size) / size)
        return None

    def moved(self, east: float, north: float) -> Point:
        """The middle, moved by parts of the width."""
        x, y = self.middle.coords
        return Point(round(x + east * self.metres), round(y + north * self.metres), srid=BNG)


def window_of(said: Mapping[str, str]) -> Window | None:
    middle = point_in_metres(said.get("easting", ""), said.get("northing", ""))
    metres = said.get("metres", "")
    if middle is None or not (metres.isascii() and metres.isdigit() and LEVELS[-1] <= int(metres) <= _WIDEST):
        return None
    return Window(middle, int(metres))


def wards_on(on: dt.date) -> list[Area]:
    """With their `shape`, no finer than a map of the borough shows."""
    fine = Func(
        F("geometry"), Value(5), function="ST_SimplifyPreserveTopology", output_field=MultiPolygonField(srid=BNG)
    )
    wards = Area.objects.valid(on).filter(kind=AreaKind.WARD).defer("geometry")
    return list(wards.annotate(shape=fine))


def whole(wards: Sequence[Area]) -> Window:
    boxes = [ward.shape.extent for ward in wards]  # type: ignore[attr-defined]
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    middle = Point(round((west + east) / 2), round((south + north) / 2), srid=BNG)
    return Window(middle, round(max(east - west, north - south) * 1.04), is_whole=True)


def around(ward: Area) -> Window:
    west, south, east, north = ward.shape.extent  # type: ignore[attr-defined]
    middle = Point(round((west + east) / 2), round((south + north) / 2), srid=BNG)
    return Window(middle, max(LEVELS[-1] * 2, round(max(east - west, north - south) * 1.04)))


def has_ward_near(point: Point, metres: float, wards: Sequence[Area]) -> bool:
    return any(ward.shape.distance(point) <= metres for ward in wards)  # type: ignore[attr-defined]


def map_of_window(window: Window, wards: Sequence[Area]) -> LocatorMap:
    return LocatorMap(
        centre=(window.middle.x, window.middle.y),
        title=_("The borough and its wards") if window.is_whole else _("Part of the borough"),
        metres=window.metres,
        addresses=[] if window.is_whole else _built(window),
        outlines=list(_outlines(window, wards)),
        has_pin=False,
        height=WIDTH,
    )


def _outlines(window: Window, wards: Sequence[Area]) -> Iterator[Outline]:
    """Of the wards in sight, each named in the middle of what is seen of it."""
    box = window.box
    for ward in wards:
        shape = ward.shape  # type: ignore[attr-defined]
        seen = shape.intersection(box)
        if seen.area:
            parts: Any = [shape] if isinstance(shape, Polygon) else shape
            yield Outline(ward.name, [part.exterior_ring.coords for part in parts], seen.centroid.coords)


def _built(window: Window) -> list[Neighbour]:
    """Where addresses are, each dot once, with the names of the streets that have the most."""
    there = Address.objects.postal().filter(location__bboverlaps=window.box)
    snapped = there.annotate(dot=SnapToGrid("location", window.metres / _FINE)).values("dot", "street")
    dots = snapped.annotate(homes=Count("pk")).order_by("street").values_list("dot", "street", "homes")
    many: dict[str, int] = {}
    for _dot, street, homes in dots:
        many[street] = many.get(street, 0) + homes * bool(street)
    named = set(sorted(many, key=lambda street: (-many[street], street))[:_NAMED])
    return [Neighbour(dot.x, dot.y, "", street.title() if street in named else "") for dot, street, _homes in dots]
