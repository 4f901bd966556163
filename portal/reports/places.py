"""Where somebody points at: told by their telephone, read from a photo, moved on a map. Metres of the national grid."""

import math
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image

from barnet.gazetteer.degrees import from_degrees
from barnet.gazetteer.models import BNG
from barnet.kit.maps import LocatorMap, Neighbour
from barnet.kit.uploads import ACCEPTED
from portal.reports.models import PublicReport
from portal.smartforms.definition.model import DataClass, Question
from portal.smartforms.kinds.places import map_around

WHERE = Question(
    key="place",
    kind="location",
    label=str(_("Where is it?")),
    data_class=DataClass.ORDINARY,
)
OUTSIDE = _("That place is outside our borough. Choose a place in it, or tell the council there.")
_GPS = 0x8825  # the block of EXIF that says where
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE = 1, 2, 3, 4
_NARROWEST = 200  # metres


Degrees = tuple[float, float]  # latitude and longitude (WGS84)


def degrees_of(latitude: str, longitude: str) -> Degrees | None:
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) else None


def point_of(latitude: str, longitude: str) -> Point | None:
    """Of degrees, when they are near our island."""
    degrees = degrees_of(latitude, longitude)
    return from_degrees(*degrees) if degrees else None


def point_in_metres(easting: str, northing: str) -> Point | None:
    numbers = [text for text in (easting, northing) if text.isascii() and text.isdigit() and len(text) <= 7]
    return Point(float(numbers[0]), float(numbers[1]), srid=BNG) if len(numbers) == 2 else None


def degrees_of_photo(file: File) -> Degrees | None:
    """Where the camera said that it was. The photo itself is not kept."""
    try:
        file.seek(0)
        gps = Image.open(file, formats=ACCEPTED).getexif().get_ifd(_GPS)
        north = _degrees(gps[_LATITUDE], gps[_LATITUDE_SIDE] == "S")
        east = _degrees(gps[_LONGITUDE], gps[_LONGITUDE_SIDE] == "W")
    except Exception:  # decoders meet broken files with errors of any kind
        return None
    return (north, east) if math.isfinite(north + east) else None


def _degrees(parts: Any, is_minus: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if is_minus else found


def map_of_one(report: PublicReport) -> LocatorMap | None:
    """What is in a street, with what stands around it; of a home no more than where its square is."""
    if report.point and not report.is_home:
        return map_around(report.point, report.where)
    return map_of([report], report.where)


def map_of(reports: list[PublicReport], title: str) -> LocatorMap | None:
    """The reports of a page by their numbers in the list beside it."""
    points = [(number, row.point) for number, row in enumerate(reports, 1) if row.point]
    if not points:
        return None
    easts, norths = [point.x for _number, point in points], [point.y for _number, point in points]
    width = max(max(easts) - min(easts), (max(norths) - min(norths)) * 1.5)
    return LocatorMap(
        centre=((max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2),
        title=title,
        metres=max(_NARROWEST, round(width * 1.3)),
        addresses=[Neighbour(point.x, point.y, str(number)) for number, point in points],
        has_pin=False,
    )
