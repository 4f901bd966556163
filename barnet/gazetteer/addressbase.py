"""Ordnance Survey AddressBase Plus, AddressBase and AddressBase Core, read line by line into addresses.

A file is CSV, one property a line, UTF-8, mostly without a header; a header row in Ordnance Survey's names is accepted,
in any order. AddressBase and Core both have 27 columns, different ones. Nothing is kept in memory but the line at hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from barnet.gazetteer.csvlines import (
    BadLine,
    BadLineError,
    Row,
    read_date,
    read_lines,
    read_location,
    read_number,
    read_uprn,
)
from barnet.gazetteer.enums import AddressFormat
from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.lines import compose
from barnet.gazetteer.models import Address
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
ADDRESSBASE_COLUMNS = tuple(
    """
    UPRN OS_ADDRESS_TOID UDPRN RM_ORGANISATION_NAME DEPARTMENT_NAME PO_BOX_NUMBER SUB_BUILDING_NAME BUILDING_NAME
    BUILDING_NUMBER DEPENDENT_THOROUGHFARE THOROUGHFARE POST_TOWN DOUBLE_DEPENDENT_LOCALITY DEPENDENT_LOCALITY POSTCODE
    POSTCODE_TYPE X_COORDINATE Y_COORDINATE LATITUDE LONGITUDE RPC COUNTRY CHANGE_TYPE LA_START_DATE RM_START_DATE
    LAST_UPDATE_DATE CLASS
    """.split()
)
CORE_COLUMNS = tuple(
    """
    UPRN PARENT_UPRN UDPRN USRN TOID CLASSIFICATION_CODE EASTING NORTHING LATITUDE LONGITUDE RPC LAST_UPDATE_DATE
    SINGLE_LINE_ADDRESS PO_BOX ORGANISATION SUB_BUILDING BUILDING_NAME BUILDING_NUMBER STREET_NAME LOCALITY TOWN_NAME
    POST_TOWN ISLAND POSTCODE DELIVERY_POINT_SUFFIX GSS_CODE CHANGE_CODE
    """.split()
)
PRODUCTS: dict[str, tuple[str, ...]] = {
    AddressFormat.PLUS: COLUMNS,
    AddressFormat.ADDRESSBASE: ADDRESSBASE_COLUMNS,
    AddressFormat.CORE: CORE_COLUMNS,
}
# What the other products call the columns of AddressBase Plus.
IN_WORDS_OF_PLUS = {
    "ORGANISATION_NAME": "RM_ORGANISATION_NAME",
    "ORGANISATION": "RM_ORGANISATION_NAME",
    "SUB_BUILDING": "SUB_BUILDING_NAME",
    "STREET_NAME": "STREET_DESCRIPTION",
    "CLASSIFICATION_CODE": "CLASS",
    "EASTING": "X_COORDINATE",
    "NORTHING": "Y_COORDINATE",
    "CHANGE_CODE": "CHANGE_TYPE",
    "TOID": "OS_ADDRESS_TOID",
}
CHANGE_TYPES = {"I", "U", "D"}
NOT_POSTAL = "N"
NUMBERED = re.compile(r"(?P<start>\d{1,5})(?P<suffix>[A-Z]?)(?:-(?P<end>\d{1,5})(?P<end_suffix>[A-Z]?))?")
MAX_LENGTHS = {f.name: f.max_length for f in Address._meta.fields if getattr(f, "max_length", None)}


@dataclass(frozen=True)
class Change:
    line: int
    change_type: str  # I, U or D
    uprn: int
    address: Address | None  # None for D


class PlusRow(dict[str, str]):
    """A property in the words of AddressBase Plus. What a product does not have is empty."""

    def __missing__(self, column: str) -> str:
        return ""


def read_changes(path: Path, product: str = AddressFormat.PLUS) -> Iterator[Change | BadLine]:
    """Every line of the file as a change, or what is wrong with it. A file that is none raises BadFileError."""
    columns = PRODUCTS[product]
    for line in read_lines(path):
        if isinstance(line, BadLine):
            yield line
            continue
        number, values = line
        try:
            if number == 1 and "UPRN" in map(str.upper, values):
                columns = _header(values, columns)
            else:
                yield _change(number, values, columns)
        except BadLineError as error:
            yield BadLine(number, str(error))


def _header(values: list[str], columns: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(value.upper().replace(" ", "_") for value in values)
    known = set(names) | {IN_WORDS_OF_PLUS[name] for name in names if name in IN_WORDS_OF_PLUS}
    if missing := [column for column in columns if column not in known]:
        raise BadFileError(_("has a header without the column %(names)s.") % {"names": ", ".join(missing)})
    return names


def _change(line: int, values: list[str], columns: tuple[str, ...]) -> Change:
    if len(values) != len(columns):
        expected = {"found": len(values), "expected": len(columns)}
        raise BadLineError(_("%(found)d columns instead of %(expected)d") % expected)
    row = PlusRow(zip((IN_WORDS_OF_PLUS.get(column, column) for column in columns), values, strict=True))
    change_type = row["CHANGE_TYPE"].upper()
    if change_type not in CHANGE_TYPES:
        raise BadLineError(_("the change type is “%(type)s”; it is I, U or D") % {"type": row["CHANGE_TYPE"][:20]})
    uprn = read_uprn(row["UPRN"])
    return Change(line, change_type, uprn, None if change_type == "D" else address_of(uprn, row))


def address_of(uprn: int, row: Row) -> Address:
    """One address from its parts in the words of AddressBase Plus; not saved. Raises BadLineError."""
    address = Address(
        uprn=uprn,
        organisation=row["LA_ORGANISATION"] or row["RM_ORGANISATION_NAME"],
        locality=row["LOCALITY"] or row["DEPENDENT_LOCALITY"],
        town=row["TOWN_NAME"] or row["POST_TOWN"],
        administrative_area=row["ADMINISTRATIVE_AREA"],
        postcode=_postcode(row["POSTCODE_LOCATOR"] or row["POSTCODE"]),
        street=row["STREET_DESCRIPTION"] or row["DEPENDENT_THOROUGHFARE"] or row["THOROUGHFARE"],
        usrn=read_number(row, "USRN"),
        classification=row["CLASS"],
        parent_uprn=read_number(row, "PARENT_UPRN"),
        custodian_code=read_number(row, "LOCAL_CUSTODIAN_CODE", digits=6),
        is_postal=row["ADDRESSBASE_POSTAL"] != NOT_POSTAL,
        blpu_state=read_number(row, "STATE", digits=4),
        changed_on=read_date(row, "LAST_UPDATE_DATE"),
        location=read_location(row),
        **_names(row, "SAO", "SUB_BUILDING_NAME", ""),
        **_names(row, "PAO", "BUILDING_NAME", "BUILDING_NUMBER"),
    )
    if not (address.street or address.pao_text or address.sao_text or address.organisation):
        raise BadLineError(_("there is no street, name or organisation"))
    for name, most in MAX_LENGTHS.items():
        if most and len(getattr(address, name)) > most:
            raise BadLineError(_("%(name)s is longer than %(most)d characters") % {"name": name, "most": most})
    return compose(address)


def _names(row: Row, prefix: str, delivery_name: str, delivery_number: str) -> dict[str, str | int | None]:
    """The secondary or the primary name and number; those of the delivery point where the gazetteer has none."""
    names: dict[str, str | int | None] = {"text": row[f"{prefix}_TEXT"]}
    for end in ("start", "end"):
        names[f"{end}_number"] = read_number(row, f"{prefix}_{end.upper()}_NUMBER", digits=6)
        names[f"{end}_suffix"] = row[f"{prefix}_{end.upper()}_SUFFIX"].upper()
    if not names["text"] and names["start_number"] is None:
        names |= _delivery_names(row[delivery_name], row[delivery_number])
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
