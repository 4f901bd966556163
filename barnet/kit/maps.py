"""A small map drawn by the server: where something is, and what stands around it, without tiles, scripts or third
parties.

It is fed with plain numbers in metres (EPSG:27700) and knows no app. A reader of the page gets the same facts as
text: the title and the description are read out, and the page's own words must never depend on the picture.

    LocatorMap(
        centre=(524500, 196500), title="12 High Street",
        addresses=[Neighbour(524510, 196503, "14", "High Street"), ...],
        outlines=[Outline("High Barnet", [[(524000, 196000), ...]])],
    )
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from barnet.kit.drawing import draw

Point = tuple[float, float]
Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 360, 240  # of the drawing, in its own units
_ids = count(1)


@dataclass(frozen=True)
class Neighbour:
    """An address nearby: a dot with its house number."""

    easting: float
    northing: float
    number: str = ""
    street: str = ""


@dataclass(frozen=True)
class Outline:
    """The edge of an area; only the part inside the window is drawn. With a middle, its name stands there."""

    name: str
    rings: Sequence[Sequence[Point]]
    middle: Point | None = None


@dataclass(frozen=True)
class LocatorMap:
    centre: Point
    title: str
    metres: float = 200  # width of the window on the ground
    addresses: Sequence[Neighbour] = ()
    outlines: Sequence[Outline] = ()
    caption: str = ""
    has_pin: bool = True  # in the middle; without it the numbers of the addresses say what is where
    height: int = HEIGHT  # of the drawing; as large as the width, it is a square
    identity: int = field(default_factory=lambda: next(_ids))

    def draw(self) -> SafeString:
        shown = [neighbour for neighbour in self.addresses if self._is_inside(neighbour)]
        return draw(
            "locator_map",
            id=f"map-{self.identity}",
            width=WIDTH,
            height=self.height,
            title=self.title,
            description=self._description(shown),
            caption=self.caption,
            areas=[path for outline in self.outlines for path in self._paths(outline)],
            dots=[self._at(neighbour.easting, neighbour.northing) for neighbour in shown],
            dot=5 if any(neighbour.number for neighbour in shown) and not self.has_pin else 3,
            labels=list(_placed(self._labels(shown), self.height, has_pin=self.has_pin)),
            pin=(WIDTH / 2, self.height / 2) if self.has_pin else None,
            lower=self.height - HEIGHT,
            scale=self._scale_bar(),
        )

    @property
    def _unit(self) -> float:
        """Drawing units in a metre."""
        return WIDTH / self.metres

    def _at(self, easting: float, northing: float) -> Point:
        x = WIDTH / 2 + (easting - self.centre[0]) * self._unit
        y = self.height / 2 - (northing - self.centre[1]) * self._unit
        return round(x, 1), round(y, 1)

    def _is_inside(self, neighbour: Neighbour) -> bool:
        x, y = self._at(neighbour.easting, neighbour.northing)
        return 4 < x < WIDTH - 4 and 4 < y < self.height - 4

    def _description(self, shown: Sequence[Neighbour]) -> str:
        streets = sorted({neighbour.street for neighbour in shown if neighbour.street})
        areas = [outline.name for outline in self.outlines if outline.name]
        wide = {"metres": round(self.metres)}
        if self.has_pin:
            parts = [_("A map about %(metres)d metres wide. The pin is in its middle.") % wide]
        else:
            parts = [_("A map about %(metres)d metres wide.") % wide]
        if streets:
            parts.append(_("Streets shown: %(streets)s.") % {"streets": ", ".join(streets)})
        if areas:
            parts.append(_("Areas: %(areas)s.") % {"areas": ", ".join(areas)})
        return " ".join(parts)

    def _paths(self, outline: Outline) -> Iterator[str]:
        for ring in outline.rings:
            points = _thinned(_clipped([self._at(*point[:2]) for point in ring], self.height))
            if len(points) > 2:
                yield "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"

    def _labels(self, shown: Sequence[Neighbour]) -> list[list["_Label"]]:
        return [*self._area_names(), *self._street_names(shown), *self._house_numbers(shown)]

    def _area_names(self) -> Iterator[list["_Label"]]:
        """On two lines where there are two words; a little higher or lower where another name stands."""
        for outline in self.outlines:
            if outline.middle:
                x, y = self._at(*outline.middle)
                first, second = _halves(outline.name)
                length = max(len(first), len(second)) * 5.5
                yield [_Label(first, x, y + up, 0, length, "area-name", second) for up in (0, -8, 8, -16, 16)]

    def _house_numbers(self, shown: Sequence[Neighbour]) -> Iterator[list["_Label"]]:
        for neighbour in shown:
            if neighbour.number:
                x, y = self._at(neighbour.easting, neighbour.northing)
                if self.has_pin:
                    yield [_Label(neighbour.number, x + 5, y + 4, 0, len(neighbour.number) * 7, "number")]
                else:
                    yield [_Label(neighbour.number, x + 7, y + 6, 0, len(neighbour.number) * 11, "key")]

    def _street_names(self, shown: Sequence[Neighbour]) -> Iterator[list["_Label"]]:
        """Each name has three places to stand: the middle of the street's addresses, and halfway to either end."""
        by_street: dict[str, list[Point]] = {}
        for neighbour in shown:
            if neighbour.street:
                by_street.setdefault(neighbour.street, []).append(self._at(neighbour.easting, neighbour.northing))
        for street, points in sorted(by_street.items(), key=lambda item: -len(item[1])):
            if len(points) > 1:
                middle, ends = _middle(points), (min(points), max(points))
                places = [middle, *(_middle([middle, end]) for end in ends)]
                yield [_Label(street, x, y, _slope(points), len(street) * 7, "street") for x, y in places]

    def _scale_bar(self) -> dict[str, float]:
        """The longest round length that takes at most a third of the width."""
        longest = self.metres / 3
        power = 10 ** math.floor(math.log10(longest))
        length = max(step * power for step in (1, 2, 5) if step * power <= longest)
        return {"metres": length if length < 1 else round(length), "units": round(length * self._unit, 1)}


@dataclass(frozen=True)
class _Label:
    text: str
    x: float
    y: float
    angle: float
    length: float
    kind: str
    second: str = ""  # line

    @property
    def box(self) -> Box:
        """What the words cover, roughly: names are centred on their point, numbers start at it."""
        if self.kind in {"number", "key"}:
            return self.x, self.y - (9 if self.kind == "number" else 14), self.x + self.length, self.y + 2
        if self.kind == "area-name":
            return self.x - self.length / 2, self.y - 9, self.x + self.length / 2, self.y + (14 if self.second else 2)
        across = abs(math.cos(math.radians(self.angle))) * self.length / 2 + 7
        down = abs(math.sin(math.radians(self.angle))) * self.length / 2 + 7
        return self.x - across, self.y - down, self.x + across, self.y + down


def _placed(labels: Iterable[list[_Label]], height: int, *, has_pin: bool) -> Iterator[_Label]:
    """First come, first shown: words never cover each other, the pin, the scale or the north arrow."""
    pin = (WIDTH / 2 - 10, height / 2 - 28, WIDTH / 2 + 10, height / 2)
    taken: list[Box] = [
        *([pin] if has_pin else []),
        (0, height - 34, WIDTH / 3 + 16, height),
        (WIDTH - 34, 0, WIDTH, 52),
    ]
    for places in labels:
        free = next((label for label in places if _is_free(label.box, taken, height)), None)
        if free:
            taken.append(free.box)
            yield free


def _is_free(box: Box, taken: Iterable[Box], height: int) -> bool:
    left, top, right, bottom = box
    is_inside = left >= 0 and top >= 0 and right <= WIDTH and bottom <= height
    return is_inside and not any(left < r and right > lft and top < b and bottom > t for lft, t, r, b in taken)


def _halves(name: str) -> tuple[str, str]:
    """A name of several words in two lines, as even as they can be."""
    words = name.split(" ")
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words) + 1)]
    return min(ways, key=lambda way: max(map(len, way)))


def _middle(points: Sequence[Point]) -> Point:
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return round(x, 1), round(y, 1)


def _slope(points: Sequence[Point]) -> float:
    """Degrees by which a street's name turns: along its addresses, never upside down."""
    x0, y0 = _middle(points)
    xx = sum((x - x0) ** 2 for x, _y in points)
    yy = sum((y - y0) ** 2 for _x, y in points)
    xy = sum((x - x0) * (y - y0) for x, y in points)
    degrees = math.degrees(math.atan2(2 * xy, xx - yy) / 2)
    return round(degrees)


def _clipped(ring: list[Point], height: int) -> list[Point]:
    """The part of a ring inside a frame a little larger than the drawing (Sutherland and Hodgman's way)."""
    margin = 20
    for axis, limit, sign in ((0, -margin, 1), (0, WIDTH + margin, -1), (1, -margin, 1), (1, height + margin, -1)):
        kept: list[Point] = []
        for before, after in pairwise([*ring[-1:], *ring]):
            was_in, is_in = (sign * (point[axis] - limit) >= 0 for point in (before, after))
            if was_in != is_in:
                share = (limit - before[axis]) / (after[axis] - before[axis])
                kept.append((before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])))
            if is_in:
                kept.append(after)
        ring = kept
    return ring


def _thinned(ring: list[Point]) -> list[Point]:
    """Without points that nobody could tell apart."""
    kept: list[Point] = []
    for x, y in ring:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 1:
            kept.append((round(x, 1), round(y, 1)))
    return kept
