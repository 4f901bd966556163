"""Ordnance Survey AddressBase Plus, read line by line into addresses.

A file is CSV with 77 columns, one record a line, UTF-8, without a header; a header row in Ordnance Survey's names is
accepted, in any order. Nothing is kept in memory but the line at hand.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.lines import compose
from barnet.gazetteer.models import BNG, Address
from barnet.gazetteer.postcodes import parse_postcode

COLUMNS = tuple(
    """
    UPRN UDPRN CHANGE_TYPE STATE STATE_DATE CLASS PARENT_UPRN X_COORDINATE Y_COORDINATE LATITUDE LONGITUDE RPC
    LOCAL_CUSTODIAN_CODE COUNTRY LA_START_DATE LAST_UPDATE_DATE ENTRY_DATE RM_ORGANISATION_NAME LA_ORGANISATION
    DEPARTMENT_NAME LEGAL_NAME SUB_BUILDING_NAME BUILDING_NAME BUILDING_NUMBER SAO_START_NUMBER SAO_START_SUFFIX
    SAO_END_NUMBER SAO_END_SUFFIX SAO_TEXT ALT_LANGUAGE_SAO_TEXT PAO_START_NUMBER PAO_START_SUFFIX PAO_END_NUMBER
    PAO_END_SUFFIX PAO_TEXT ALT_LANGUAGE_PAO_TEXT USRN USRN_MATCH_INDICATOR AREA_NAME LEVEL OFFICIAL_FLAG
    OS_ADDRESS_TOID OS_ADDRESS_TOID_VERSION OS_ROADLINK_TOID OS_ROADLINK_TOID_VERSION OS_TOPO_TOID OS_TOPO_TOID_VERSION
    VOA_CT_RECORD VOA_NDR_RECORD STREET_DESCRIPTION ALT_LANGUAGE_STREET_DESCRIPTION DEPENDENT_THOROUGHFARE THOROUGHFARE
    WELSH_DEPENDENT_THOROUGHFARE WELSH_THOROUGHFARE DOUBLE_DEPENDENT_LOCALITY DEPENDENT_LOCALITY LOCALITY
    WELSH_DEPENDENT_LOCALITY WELSH_DOUBLE_DEPENDENT_LOCALITY TOWN_NAME ADMINISTRATIVE_AREA POST_TOWN WELSH_POST_TOWN
    POSTCODE POSTCODE_LOCATOR POSTCODE_TYPE DELIVERY_POINT_SUFFIX ADDRESSBASE_POSTAL PO_BOX_NUMBER WARD_CODE PARISH_CODE
    RM_START_DATE MULTI_OCC_COUNT VOA_NDR_P_DESC_CODE VOA_NDR_SCAT_CODE ALT_LANGUAGE
    """.split()
)
OTHER_PRODUCTS = {27: "AddressBase or AddressBase Core", 29: "AddressBase Premium", 35: "AddressBase Premium"}
LONGEST_LINE = 16_384
CHANGE_TYPES = {"I", "U", "D"}
GREAT_BRITAIN = (Decimal(0), Decimal(0), Decimal(700_000), Decimal(1_300_000))  # eastings, northings of the grid
NOT_POSTAL = "N"
NUMBERED = re.compile(r"(?P<start>\d{1,5})(?P<suffix>[A-Z]?)(?:-(?P<end>\d{1,5})(?P<end_suffix>[A-Z]?))?")
MAX_LENGTHS = {f.name: f.max_length for f in Address._meta.fields if getattr(f, "max_length", None)}


class BadLineError(ValueError):
    """Its text says what is wrong with the line."""


@dataclass(frozen=True)
class Change:
    line: int
    change_type: str  # I, U or D
    uprn: int
    address: Address | None  # None for D


@dataclass(frozen=True)
class BadLine:
    line: int
    reason: str


def read_changes(path: Path) -> Iterator[Change | BadLine]:
    """Every line of the file as a change, or what is wrong with it. A file that is none raises BadFileError."""
    with _opened(path) as file:
        columns = COLUMNS
        for number, raw in enumerate(_lines(file), start=1):
            try:
                values = _values(raw)
                if number == 1 and "UPRN" in map(str.upper, values):
                    columns = _header(values)
                elif values:
                    yield _change(number, values, columns)
            except BadLineError as error:
                yield BadLine(number, str(error))


def _opened(path: Path) -> BinaryIO:
    if path.is_dir():
        raise BadFileError(_("is a folder, not a file. Name the CSV files in it."))
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise BadFileError(_("does not exist. Check the name.")) from None
    except OSError as error:
        raise BadFileError(_("cannot be read: %(reason)s.") % {"reason": error.strerror}) from None
    start = file.read(8192)
    problem = _problem(start)
    if problem:
        file.close()
        raise BadFileError(problem)
    file.seek(3 if start.startswith(b"\xef\xbb\xbf") else 0)
    return file


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line, but never more of it than LONGEST_LINE."""
    while raw := file.readline(LONGEST_LINE):
        rest = raw
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield raw


def _problem(start: bytes) -> str:
    if not start.strip(b"\xef\xbb\xbf\r\n\t "):
        return _("is empty.")
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        return _("is a compressed file. Unpack it first.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("is in UTF-16. Save it as UTF-8.")
    if b"\0" in start:
        return _("is not a text file. AddressBase Plus is CSV.")
    return ""


def _values(raw: bytes) -> list[str]:
    if len(raw) >= LONGEST_LINE:
        raise BadLineError(_("the line is longer than %(most)d bytes") % {"most": LONGEST_LINE})
    if b"\0" in raw:
        raise BadLineError(_("the line has a null byte"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadLineError(_("byte %(place)d is not UTF-8") % {"place": error.start + 1}) from None
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise BadLineError(_("the quotation marks do not match")) from None
    return [value.strip() for value in rows[0]] if rows and rows[0] else []


def _header(values: list[str]) -> tuple[str, ...]:
    names = tuple(value.upper().replace(" ", "_") for value in values)
    if missing := [column for column in COLUMNS if column not in names]:
        raise BadFileError(_("has a header without the column %(names)s.") % {"names": ", ".join(missing)})
    return names


def _change(line: int, values: list[str], columns: tuple[str, ...]) -> Change:
    if len(values) != len(columns):
        expected = {"found": len(values), "expected": len(columns)}
        message = _("%(found)d columns instead of %(expected)d") % expected
        if product := OTHER_PRODUCTS.get(len(values)):
            message += _(": this looks like %(product)s, not AddressBase Plus") % {"product": product}
        raise BadLineError(message)
    row = dict(zip(columns, values, strict=True))
    change_type = row["CHANGE_TYPE"].upper()
    if change_type not in CHANGE_TYPES:
        raise BadLineError(_("the change type is “%(type)s”; it is I, U or D") % {"type": row["CHANGE_TYPE"][:20]})
    uprn = _uprn(row["UPRN"])
    return Change(line, change_type, uprn, None if change_type == "D" else _address(uprn, row))


def _uprn(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):
        raise BadLineError(_("the UPRN is “%(uprn)s”; it is a number of at most 12 digits") % {"uprn": text[:30]})
    return int(text)


def _address(uprn: int, row: dict[str, str]) -> Address:
    address = Address(
        uprn=uprn,
        organisation=row["LA_ORGANISATION"] or row["RM_ORGANISATION_NAME"],
        locality=row["LOCALITY"] or row["DEPENDENT_LOCALITY"],
        town=row["TOWN_NAME"] or row["POST_TOWN"],
        administrative_area=row["ADMINISTRATIVE_AREA"],
        postcode=_postcode(row["POSTCODE_LOCATOR"] or row["POSTCODE"]),
        street=row["STREET_DESCRIPTION"] or row["DEPENDENT_THOROUGHFARE"] or row["THOROUGHFARE"],
        usrn=_number(row, "USRN"),
        classification=row["CLASS"],
        parent_uprn=_number(row, "PARENT_UPRN"),
        custodian_code=_number(row, "LOCAL_CUSTODIAN_CODE", digits=6),
        is_postal=row["ADDRESSBASE_POSTAL"] != NOT_POSTAL,
        blpu_state=_number(row, "STATE", digits=4),
        changed_on=_date(row, "LAST_UPDATE_DATE"),
        location=_location(row),
        **_names(row, "SAO", "SUB_BUILDING_NAME", ""),
        **_names(row, "PAO", "BUILDING_NAME", "BUILDING_NUMBER"),
    )
    if not (address.street or address.pao_text or address.sao_text or address.organisation):
        raise BadLineError(_("there is no street, name or organisation"))
    for name, most in MAX_LENGTHS.items():
        if most and len(getattr(address, name)) > most:
            raise BadLineError(_("%(name)s is longer than %(most)d characters") % {"name": name, "most": most})
    return compose(address)


def _names(row: dict[str, str], prefix: str, delivery_name: str, delivery_number: str) -> dict[str, str | int | None]:
    """The secondary or the primary name and number; those of the delivery point where the gazetteer has none."""
    names: dict[str, str | int | None] = {"text": row[f"{prefix}_TEXT"]}
    for end in ("start", "end"):
        names[f"{end}_number"] = _number(row, f"{prefix}_{end.upper()}_NUMBER", digits=6)
        names[f"{end}_suffix"] = row[f"{prefix}_{end.upper()}_SUFFIX"].upper()
    if not names["text"] and names["start_number"] is None:
        names |= _delivery_names(row[delivery_name], row.get(delivery_number, ""))
    return {f"{prefix.lower()}_{name}": value for name, value in names.items()}


def _delivery_names(name: str, number: str) -> dict[str, str | int | None]:
    """Royal Mail writes `162A` and `12A-14` as the name of a building."""
    match = NUMBERED.fullmatch((number or name).upper())
    if not match:
        return {"text": name}
    return {
        "text": name if number else "",
        "start_number": int(match["start"]),
        "start_suffix": match["suffix"],
        "end_number": int(match["end"]) if match["end"] else None,
        "end_suffix": match["end_suffix"] or "",
    }


def _postcode(text: str) -> str:
    return parse_postcode(text) or text.upper()


def _number(row: dict[str, str], column: str, *, digits: int = 12) -> int | None:
    text = row[column]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise BadLineError(_("%(column)s is “%(text)s”, not a number") % {"column": column, "text": text[:30]})
    return int(text)


def _date(row: dict[str, str], column: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        values = {"column": column, "text": row[column][:30]}
        raise BadLineError(_("%(column)s is “%(text)s”, not a date such as 2026-11-23") % values) from None


def _location(row: dict[str, str]) -> Point:
    try:
        east, north = Decimal(row["X_COORDINATE"]), Decimal(row["Y_COORDINATE"])
    except InvalidOperation:
        raise BadLineError(_("the coordinates are not numbers")) from None
    west, south, far_east, far_north = GREAT_BRITAIN
    if not (east.is_finite() and north.is_finite() and west < east < far_east and south < north < far_north):
        raise BadLineError(_("%(east)s, %(north)s is outside Great Britain") % {"east": east, "north": north})
    return Point(float(east), float(north), srid=BNG)
