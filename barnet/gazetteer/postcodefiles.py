"""Postcodes of the country from Code-Point Open (Ordnance Survey) or ONSPD (Office for National Statistics).

Code-Point Open has ten columns and no header, a file for each postcode area. ONSPD has a header whose names change with
the years (`oslaua`, `laua`, `lad25cd`), and tells which postcodes have ended.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from barnet.gazetteer.csvlines import BadLine, BadLineError, read_lines, read_location
from barnet.gazetteer.enums import PostcodeQuality
from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.postcodes import is_postcode_key

CODE_POINT = ["PC", "PQ", "EA", "NO", "CY", "RH", "LH", "CC", "DC", "WC"]
CODE_POINT_QUALITY = {"10": PostcodeQuality.EXACT, "90": PostcodeQuality.NONE}
ONSPD_QUALITY = {"1": PostcodeQuality.EXACT, "9": PostcodeQuality.NONE}
ONSPD_NAMES = {
    "PC": r"pcds|pcd7|pcd",
    "PQ": r"osgrdind|gridind",
    "EA": r"oseast1m|east1m",
    "NO": r"osnrth1m|north1m",
    "DC": r"oslaua|laua|lad\d\dcd",
    "WC": r"osward|ward|wd\d\dcd",
    "ENDED": r"doterm",
}


@dataclass(frozen=True)
class ReadPostcode:
    line: int
    key: str
    postcode: str
    quality: str
    location: tuple[float, float] | None
    district_code: str
    ward_code: str
    ended_on: dt.date | None


@dataclass(frozen=True)
class _Layout:
    places: dict[str, int]
    width: int
    quality: dict[str, PostcodeQuality]


def read_postcodes(path: Path, only: frozenset[str] = frozenset()) -> Iterator[ReadPostcode | BadLine | None]:
    """Every line as a postcode, or what is wrong with it, or None where it lies in none of the postcode areas `only`.
    Raises BadFileError for a file that is none."""
    layout = None
    for line in read_lines(path):
        if isinstance(line, BadLine):
            yield line
            continue
        number, values = line
        if layout is None:
            layout, is_header = _layout(values)
            if is_header:
                continue
        try:
            yield _postcode(number, values, layout, only)
        except BadLineError as error:
            yield BadLine(number, str(error))


def _layout(first: list[str]) -> tuple[_Layout, bool]:
    """What the columns are, and whether this line only names them."""
    names = [value.lower() for value in first]
    if any(re.fullmatch(ONSPD_NAMES["PC"], name) for name in names):
        return _onspd(names), True
    if len(first) != len(CODE_POINT):
        raise BadFileError(_("is neither Code-Point Open (10 columns) nor ONSPD (with a header)."))
    places = {name: place for place, name in enumerate(CODE_POINT)}
    return _Layout(places, len(CODE_POINT), CODE_POINT_QUALITY), first[0].upper() in {"PC", "POSTCODE"}


def _onspd(names: list[str]) -> _Layout:
    places = {}
    for wanted, pattern in ONSPD_NAMES.items():
        for choice in pattern.split("|"):
            if found := [place for place, name in enumerate(names) if re.fullmatch(choice, name)]:
                places[wanted] = found[0]
                break
        else:
            raise BadFileError(_("has no column %(names)s.") % {"names": pattern.replace("|", " / ")})
    return _Layout(places, len(names), ONSPD_QUALITY)


def _postcode(line: int, values: list[str], layout: _Layout, only: frozenset[str]) -> ReadPostcode | None:
    if len(values) != layout.width:
        counts = {"found": len(values), "expected": layout.width}
        raise BadLineError(_("%(found)d columns instead of %(expected)d") % counts)
    row = {name: values[place] for name, place in layout.places.items()}
    key = row["PC"].replace(" ", "").upper()
    if not is_postcode_key(key):
        raise BadLineError(_("“%(text)s” is no postcode") % {"text": row["PC"][:20]})
    if only and re.match("[A-Z]+", key)[0] not in only:  # type: ignore[index]
        return None
    quality = layout.quality.get(row["PQ"], PostcodeQuality.ROUGH)
    location = None if quality == PostcodeQuality.NONE else _location(row)
    for column in ("DC", "WC"):
        if not re.fullmatch(r"([A-Z]\d{8})?", row[column]):
            raise BadLineError(_("“%(code)s” is no code of a district or ward") % {"code": row[column][:20]})
    ended = _ended(row.get("ENDED", ""))
    return ReadPostcode(line, key, f"{key[:-3]} {key[-3:]}", quality, location, row["DC"], row["WC"], ended)


def _location(row: dict[str, str]) -> tuple[float, float]:
    point = read_location({"X_COORDINATE": row["EA"], "Y_COORDINATE": row["NO"]})
    return point.x, point.y


def _ended(text: str) -> dt.date | None:
    """ONSPD writes the month: 202405."""
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y%m").date()
    except ValueError:
        raise BadLineError(_("the month of its end is “%(text)s”; it is as 202405") % {"text": text[:20]}) from None
