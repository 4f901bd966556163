"""In which areas a point lies: three kinds of area in two vintages, with outlines as detailed as real wards."""

import datetime as dt
import math
import random
from collections.abc import Iterator

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import BNG, Area
from barnet.gazetteer.selectors import areas_at, areas_at_points
from bench import PrintRow, Promise, measure

SOURCE = "bench"
VERTICES = 1_200  # of a ward in the files of the Office for National Statistics, generalised to 20 metres
WEST, SOUTH, SIDE = 519_000, 185_000, 2_000
KINDS = (AreaKind.WARD, AreaKind.PARKING_ZONE, AreaKind.POLLING_DISTRICT)
AT_A_TIME = 1_000


def run(print_row: PrintRow) -> None:
    Area.objects.filter(source=SOURCE).delete()
    Area.objects.bulk_create(_areas())
    chance = random.Random(3)
    points = [
        Point(chance.uniform(WEST, WEST + 8_000), chance.uniform(SOUTH, SOUTH + 12_000), srid=BNG)
        for _number in range(5 * AT_A_TIME)
    ]
    on = dt.date(2026, 11, 23)
    single = measure(lambda point: areas_at(point, on), points[:1_000])
    print_row(f"areas at one point ({1000 / single.p50:,.0f}/s)", single, Promise(50, queries=2))
    batches = [points[start : start + AT_A_TIME] for start in range(0, len(points), AT_A_TIME)]
    together = measure(lambda batch: areas_at_points(batch, on), batches, warm_up=1)
    rate = AT_A_TIME * 1000 / together.p50
    print_row(f"areas at 1,000 points together ({rate:,.0f}/s)", together, Promise(1_000, queries=2))
    Area.objects.filter(source=SOURCE).delete()


def _areas() -> Iterator[Area]:
    change = dt.date(2022, 5, 5)
    for kind in KINDS:
        for number in range(24):
            outline = _outline(WEST + SIDE * (number % 4) + SIDE / 2, SOUTH + SIDE * (number // 4) + SIDE / 2)
            for start, end in ((dt.date(2014, 5, 22), change), (change, None)):
                yield Area(
                    kind=kind,
                    code=f"B{number}",
                    name=f"{kind} {number}",
                    geometry=outline,
                    valid_from=start,
                    valid_to=end,
                    source=SOURCE,
                )


def _outline(east: float, north: float) -> MultiPolygon:
    ring = []
    for step in range(VERTICES):
        angle = 2 * math.pi * step / VERTICES
        radius = SIDE / 2 * (1 + 0.1 * math.sin(17 * angle) + 0.05 * math.sin(61 * angle))
        ring.append((east + radius * math.cos(angle), north + radius * math.sin(angle)))
    return MultiPolygon(Polygon([*ring, ring[0]]), srid=BNG)
