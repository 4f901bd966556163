"""From the National Grid to degrees (WGS84) and back: telephones and other systems speak in degrees."""

import threading
from functools import cached_property

from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import Point
from django.db.models import FloatField, Func

from barnet.gazetteer.models import BNG

WGS84 = 4326
DIGITS = 6  # behind the point: ten centimetres
_ROUNDED = f"round(%s(%%(expressions)s)::numeric, {DIGITS})::float8"


class _Ways(threading.local):
    """Laying a way takes far longer than going it: each thread lays its own, at the first need."""

    @cached_property
    def out(self) -> CoordTransform:
        return CoordTransform(SpatialReference(BNG), SpatialReference(WGS84))

    @cached_property
    def back(self) -> CoordTransform:
        return CoordTransform(SpatialReference(WGS84), SpatialReference(BNG))


_ways = _Ways()


def in_degrees(point: Point) -> tuple[float, float]:
    """Latitude and longitude of a point of the grid."""
    world = point.clone()
    world.transform(_ways.out)
    return round(world.y, DIGITS), round(world.x, DIGITS)


def latitude_of(field: str) -> Func:
    """Of a column of points, to annotate a list: the database is quicker with a thousand than `in_degrees`."""
    return Func(Transform(field, WGS84), template=_ROUNDED % "ST_Y", output_field=FloatField())


def longitude_of(field: str) -> Func:
    return Func(Transform(field, WGS84), template=_ROUNDED % "ST_X", output_field=FloatField())


def from_degrees(latitude: float, longitude: float) -> Point | None:
    """A point of the grid. None for places that are not near our island."""
    if not (49 <= latitude <= 61 and -9 <= longitude <= 2):  # also what is no number at all
        return None
    point = Point(longitude, latitude, srid=WGS84)
    point.transform(_ways.back)
    return point
