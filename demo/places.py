"""The borough's real wards laid out from approximate centres, and streets and homes that do not exist.

The polygons are the Voronoi cells of the centres, good enough to try the portal with and marked approximate:
`manage.py import_areas FILE --kind ward` puts the real ones in their place.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection

from barnet.gazetteer.enums import AreaKind, PostcodeQuality
from barnet.gazetteer.lines import compose
from barnet.gazetteer.models import BNG, Address, Area, Postcode

CUSTODIAN = 5090
FIRST_UPRN = 990_000_000_000  # far above every number that has been given out
FIRST_USRN = 99_000_000
HOMES_AT_SCALE_ONE = 4_700

# code, name, easting and northing of the centre to the nearest 100 m, post town and postcode district
WARDS = [
    ("E05013628", "Barnet Vale", 525_900, 196_200, "Barnet", "EN5"),
    ("E05013629", "Brunswick Park", 528_400, 193_700, "London", "N11"),
    ("E05013630", "Burnt Oak", 520_500, 190_900, "Edgware", "HA8"),
    ("E05013631", "Childs Hill", 525_000, 186_900, "London", "NW2"),
    ("E05013632", "Colindale North", 521_600, 190_700, "London", "NW9"),
    ("E05013633", "Colindale South", 521_600, 189_400, "London", "NW9"),
    ("E05013634", "Cricklewood", 523_500, 187_000, "London", "NW2"),
    ("E05013635", "East Barnet", 527_500, 195_600, "Barnet", "EN4"),
    ("E05013636", "East Finchley", 526_800, 190_100, "London", "N2"),
    ("E05013637", "Edgware", 519_400, 192_200, "Edgware", "HA8"),
    ("E05013638", "Edgwarebury", 520_000, 194_100, "Edgware", "HA8"),
    ("E05013639", "Finchley Church End", 524_800, 190_400, "London", "N3"),
    ("E05013640", "Friern Barnet", 528_100, 191_700, "London", "N11"),
    ("E05013641", "Garden Suburb", 526_000, 188_500, "London", "NW11"),
    ("E05013642", "Golders Green", 524_500, 188_500, "London", "NW11"),
    ("E05013643", "Hendon", 523_300, 189_200, "London", "NW4"),
    ("E05013644", "High Barnet", 523_100, 196_400, "Barnet", "EN5"),
    ("E05013645", "Mill Hill", 522_800, 191_900, "London", "NW7"),
    ("E05013646", "Totteridge & Woodside", 524_100, 194_300, "London", "N20"),
    ("E05013647", "Underhill", 524_300, 195_500, "Barnet", "EN5"),
    ("E05013648", "West Finchley", 525_700, 191_400, "London", "N12"),
    ("E05013649", "West Hendon", 522_200, 188_100, "London", "NW4"),
    ("E05013650", "Whetstone", 526_800, 193_800, "London", "N20"),
    ("E05013651", "Woodhouse", 526_800, 191_900, "London", "N12"),
]
_FIRST = (
    "Alder Ash Beech Birch Bramble Cedar Cherry Chestnut Clover Copper Cypress Damson Elder Elm Fern Foxglove Gorse "
    "Hawthorn Hazel Heather Holly Hornbeam Ivy Juniper Larch Laurel Lavender Lilac Lime Linden Lupin Magnolia Maple "
    "Medlar Mulberry Myrtle Oak Orchard Osier Pear Pine Plum Poplar Quince Rowan Sorrel Spindle Spruce Sycamore "
    "Tamarisk Thistle Walnut Willow Wisteria Yarrow Yew"
).split()
_LAST = "Avenue Close Crescent Drive Gardens Grove Hill Lane Mead Park Place Rise Road Street Terrace View Walk Way"
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # letters that the second half of a postcode may hold
_ROOM = 45  # homes on a street, before the next one begins


@dataclass(frozen=True)
class Street:
    name: str
    usrn: int
    ward: int
    town: str
    postcode: str


def lay_wards() -> list[Area]:
    """Twenty-four approximate wards, unless wards are there already: real ones are never overwritten."""
    if not Area.objects.filter(kind=AreaKind.WARD).exists():
        Area.objects.bulk_create(
            Area(  # type: ignore[misc]
                kind=AreaKind.WARD,
                code=code,
                name=name,
                geometry=cell,
                is_approximate=True,
                source="Demo: cells around approximate ward centres",
            )
            for (code, name, *_), cell in zip(WARDS, _cells(), strict=True)
        )
    return list(Area.objects.filter(kind=AreaKind.WARD).order_by("code"))


# Real postcodes beyond the boundary, so that somebody who lives there is told whose they are.
_NEIGHBOURS = {
    "EN1 1AA": "E09000010",
    "EN8 9XQ": "E07000095",
    "HA9 0FJ": "E09000005",
    "N1C 4AG": "E09000007",
    "SW1A 1AA": "E09000033",
    "WD6 1AA": "E07000098",
}


def lay_neighbours() -> None:
    """A few postcodes of other councils. Those that an import brought stay as they are."""
    Postcode.objects.bulk_create(
        (
            Postcode(key=text.replace(" ", ""), postcode=text, quality=PostcodeQuality.NONE, district_code=district)
            for text, district in _NEIGHBOURS.items()
        ),
        ignore_conflicts=True,
    )


def addresses(scale: int, rng: random.Random) -> Iterator[Address]:
    """Homes in streets, street after street round the wards, until the scale is reached."""
    wanted = HOMES_AT_SCALE_ONE * scale
    made = 0
    for street in _streets(rng):
        for home in _homes(street, FIRST_UPRN + made, rng):
            yield home
            made += 1
            if made == wanted:
                return


def _cells() -> list[GEOSGeometry]:
    """The Voronoi cell of each centre, cut at 1,200 m around all of them."""
    points = ",".join(f"ST_Point({east},{north},{BNG})" for _, _, east, north, _, _ in WARDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH centre AS (SELECT n, p FROM unnest(ARRAY[{points}]) WITH ORDINALITY AS u (p, n)),
            everything AS (SELECT ST_Collect(p) AS g FROM centre),
            outline AS (SELECT ST_Buffer(ST_ConvexHull(g), 1200) AS g FROM everything),
            cell AS (
                SELECT (ST_Dump(ST_VoronoiPolygons(everything.g, 0, outline.g))).geom AS g FROM everything, outline
            )
            SELECT ST_AsEWKB(ST_Multi(ST_Intersection(cell.g, outline.g)))
            FROM centre JOIN cell ON ST_Contains(cell.g, centre.p), outline ORDER BY centre.n
            """  # noqa: S608 - numbers of our own
        )
        return [GEOSGeometry(memoryview(row[0])) for row in cursor.fetchall()]


def _streets(rng: random.Random) -> Iterator[Street]:
    names = [f"{first} {last}" for first in _FIRST for last in _LAST.split()]
    rng.shuffle(names)
    units: dict[str, int] = {}
    number = 0
    while True:
        for ward, (_, _, _, _, town, district) in enumerate(WARDS):
            unit = units[district] = units.get(district, -1) + 1
            name = names[number % len(names)]
            if number >= len(names):  # more streets than names: as in real towns, the same name in another part
                name = f"{('North', 'South', 'East', 'West', 'Upper', 'Lower')[number // len(names) % 6]} {name}"
            yield Street(name, FIRST_USRN + number, ward, town, f"{district} {_inward(unit)}")
            number += 1


def _inward(unit: int) -> str:
    sector, letters = divmod(unit, len(_INWARD) ** 2)
    return f"{1 + sector}{_INWARD[letters // len(_INWARD)]}{_INWARD[letters % len(_INWARD)]}"


def _homes(street: Street, first_uprn: int, rng: random.Random) -> Iterator[Address]:
    """Houses on both sides of a straight street; one street in six has a block of flats at its end."""
    _, _, east, north, _, _ = WARDS[street.ward]
    x = east + rng.uniform(-700, 700)
    y = north + rng.uniform(-700, 700)
    step_x, step_y = rng.choice([(11, 2), (2, 11), (8, 8), (-8, 8)])
    with_flats = rng.random() < 1 / 6
    houses = rng.randrange(24, _ROOM)
    for number in range(1, houses + 1):
        side = 9 if number % 2 else -9
        place = Point(
            round(x + step_x * number / 2 - side * step_y / 11), round(y + step_y * number / 2 + side), srid=BNG
        )
        yield _address(street, first_uprn, place, number=number)
        first_uprn += 1
    if with_flats:
        block = f"{rng.choice(_FIRST)} Court"
        place = Point(round(x + step_x * (houses / 2 + 4)), round(y + step_y * (houses / 2 + 4)), srid=BNG)
        for flat in range(1, rng.randrange(9, 31)):
            yield _address(street, first_uprn, place, block=block, flat=flat)
            first_uprn += 1


def _address(
    street: Street, uprn: int, place: Point, *, number: int | None = None, block: str = "", flat: int = 0
) -> Address:
    home = Address(
        uprn=uprn,
        sao_text=f"FLAT {flat}" if block else "",
        pao_text=block.upper(),
        pao_start_number=number,
        street=street.name.upper(),
        usrn=street.usrn,
        town=street.town.upper(),
        administrative_area="BARNET",
        postcode=street.postcode,
        classification="RD06" if block else "RD04",
        custodian_code=CUSTODIAN,
        blpu_state=2,
        location=place,
    )
    return compose(home)
