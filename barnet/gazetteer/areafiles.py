"""Areas read from any file that GDAL knows: GeoJSON, Shapefile (also zipped), GeoPackage, KML ...

Every geometry comes out as a valid MultiPolygon in EPSG:27700. Debian's PROJ lacks the grid of Ordnance Survey, so that
coordinates given in degrees land up to two metres off: prefer a file in EPSG:27700 where there is one.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.utils.translation import gettext as _

from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.models import BNG, Area

CODE_NAMES = re.compile(r"([A-Z]{2,6}\d{2}CD|CODE|AREA_CODE|GSS_CODE|REF|ID)", re.IGNORECASE)
NAME_NAMES = re.compile(r"([A-Z]{2,6}\d{2}NM|NAME|AREA_NAME|TITLE)", re.IGNORECASE)
EASTING_LIMIT, NORTHING_LIMIT = 700_000, 1_300_000
SMALLEST = 1.0  # square metres
LONGEST_CODE = Area._meta.get_field("code").max_length or 0
LONGEST_NAME = Area._meta.get_field("name").max_length or 0


@dataclass(frozen=True)
class ReadArea:
    code: str
    name: str
    geometry: MultiPolygon


@dataclass(frozen=True)
class BadFeature:
    number: int  # the first is 1
    reason: str


class _BadFeatureError(ValueError):
    pass


def read_areas(
    path: Path, *, code_field: str = "", name_field: str = "", layer_name: str = "", crs: str = ""
) -> tuple[list[ReadArea], list[BadFeature]]:
    """All areas of the file and what is wrong with its features. Raises BadFileError for a file that is none."""
    layer = _layer(path, layer_name)
    if not len(layer):
        raise BadFileError(_("has no features."))
    code_field = _field(layer, code_field, CODE_NAMES, "--code-field")
    name_field = _field(layer, name_field, NAME_NAMES, "--name-field")
    to_grid = CoordTransform(_reference(layer, crs), SpatialReference(BNG))
    areas: dict[str, ReadArea] = {}
    bad = []
    for number, feature in enumerate(layer, start=1):
        try:
            area = _area(feature, code_field, name_field, to_grid)
            if area.code in areas:
                raise _BadFeatureError(_("another feature has the code %(code)s already") % {"code": area.code})
            areas[area.code] = area
        except _BadFeatureError as error:
            bad.append(BadFeature(number, str(error)))
        except (GDALException, UnicodeDecodeError) as error:
            bad.append(BadFeature(number, _("it cannot be read: %(reason)s") % {"reason": error}))
    return list(areas.values()), bad


def _layer(path: Path, name: str) -> Layer:
    if not path.exists():
        raise BadFileError(_("does not exist. Check the name."))
    if path.is_file() and not path.stat().st_size:
        raise BadFileError(_("is empty."))
    source = f"/vsizip/{path.resolve()}" if path.suffix.lower() == ".zip" else str(path)
    try:
        layers = {layer.name: layer for layer in DataSource(source)}  # type: ignore[attr-defined]
    except (GDALException, UnicodeDecodeError):
        raise BadFileError(_("is not a file of areas that GDAL can read, such as GeoJSON or a Shapefile.")) from None
    if (name and name not in layers) or (not name and len(layers) != 1):
        raise BadFileError(_("has these layers: %(names)s. Name one with --layer.") % {"names": ", ".join(layers)})
    return layers[name] if name else next(iter(layers.values()))


def _field(layer: Layer, wanted: str, pattern: re.Pattern[str], option: str) -> str:
    fields = list(layer.fields)
    likely = [wanted] if wanted in fields else [] if wanted else [f for f in fields if pattern.fullmatch(f)]
    if not likely:
        listed = {"option": option, "names": ", ".join(fields) or "-"}
        raise BadFileError(_("needs %(option)s. Its fields are: %(names)s.") % listed)
    return likely[0]


def _reference(layer: Layer, crs: str) -> SpatialReference:
    if crs:
        try:
            return SpatialReference(crs)
        except GDALException:
            raise BadFileError(
                _("was given with a coordinate system that does not exist: %(crs)s.") % {"crs": crs}
            ) from None
    if layer.srs is None:
        raise BadFileError(_("does not say its coordinate system. Give it, for example --crs EPSG:27700."))
    return layer.srs


def _area(feature: Feature, code_field: str, name_field: str, to_grid: CoordTransform) -> ReadArea:
    code, name = (str(feature.get(field) or "").strip() for field in (code_field, name_field))
    if not code or not name:
        raise _BadFeatureError(_("it has no code or no name"))
    if len(code) > LONGEST_CODE or len(name) > LONGEST_NAME:
        raise _BadFeatureError(_("its code or name is too long"))
    return ReadArea(code, name, _geometry(feature, to_grid))


def _geometry(feature: Feature, to_grid: CoordTransform) -> MultiPolygon:
    try:
        shape = feature.geom
    except GDALException:
        raise _BadFeatureError(_("it has no geometry")) from None
    if shape.empty:
        raise _BadFeatureError(_("its geometry is empty"))
    shape = shape.get_linear_geometry() if shape.has_curve else shape
    shape.set_3d(False)
    shape.set_measured(False)
    try:
        shape.transform(to_grid)
    except GDALException:
        raise _BadFeatureError(_("its coordinates do not fit the coordinate system")) from None
    geometry = GEOSGeometry(memoryview(bytes(shape.wkb)), srid=BNG)
    west, south, east, north = geometry.extent
    if not (west > 0 and south > 0 and east < EASTING_LIMIT and north < NORTHING_LIMIT):
        raise _BadFeatureError(_("it is outside Great Britain: check the coordinate system"))
    polygons = _polygons(geometry if geometry.valid else geometry.make_valid())
    if not polygons:
        raise _BadFeatureError(_("it is no area, but a %(type)s") % {"type": geometry.geom_type})
    return MultiPolygon(polygons, srid=BNG)


def _polygons(geometry: GEOSGeometry) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry] if geometry.area >= SMALLEST else []
    if geometry.num_geom > 1 or geometry.geom_type.startswith(("Multi", "GeometryCollection")):
        return [polygon for part in geometry for polygon in _polygons(part)]  # type: ignore[attr-defined]
    return []
