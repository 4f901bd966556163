"""AddressBase Premium and the exchange format of the local gazetteers (LLPG DTF 7.3): one record a line.

The first column says the kind of record, the second whether it is inserted, updated or deleted, the third the order.
Which of the two formats a line is in shows in its number of columns. Records that tell nothing about where a property
is or what it is called (elementary street units, extents, provenance, metadata) are counted and left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from barnet.gazetteer.csvlines import (
    BadLine,
    BadLineError,
    read_date,
    read_lines,
    read_location,
    read_number,
    read_uprn,
)
from barnet.gazetteer.enums import AddressFormat, RecordType

_NUMBERS = """
    SAO_START_NUMBER SAO_START_SUFFIX SAO_END_NUMBER SAO_END_SUFFIX SAO_TEXT PAO_START_NUMBER PAO_START_SUFFIX
    PAO_END_NUMBER PAO_END_SUFFIX PAO_TEXT USRN
"""
_PREMIUM = {
    RecordType.STREET: """
        USRN RECORD_TYPE SWA_ORG_REF_NAMING STATE STATE_DATE STREET_SURFACE STREET_CLASSIFICATION VERSION START_DATE
        END_DATE LAST_UPDATE_DATE ENTRY_DATE STREET_START_X STREET_START_Y STREET_START_LAT STREET_START_LONG
        STREET_END_X STREET_END_Y STREET_END_LAT STREET_END_LONG STREET_TOLERANCE""",
    RecordType.DESCRIPTOR: """
        USRN STREET_DESCRIPTION LOCALITY TOWN_NAME ADMINISTRATIVE_AREA LANGUAGE START_DATE END_DATE LAST_UPDATE_DATE
        ENTRY_DATE""",
    RecordType.PROPERTY: """
        UPRN LOGICAL_STATUS STATE STATE_DATE PARENT_UPRN X_COORDINATE Y_COORDINATE LATITUDE LONGITUDE RPC
        LOCAL_CUSTODIAN_CODE COUNTRY START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE ADDRESSBASE_POSTAL
        POSTCODE_LOCATOR MULTI_OCC_COUNT""",
    RecordType.CROSS_REFERENCE: """
        UPRN XREF_KEY CROSS_REFERENCE VERSION SOURCE START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE""",
    RecordType.NAME: f"""
        UPRN LPI_KEY LANGUAGE LOGICAL_STATUS START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE {_NUMBERS}
        USRN_MATCH_INDICATOR AREA_NAME LEVEL OFFICIAL_FLAG""",
    RecordType.DELIVERY_POINT: """
        UPRN UDPRN ORGANISATION_NAME DEPARTMENT_NAME SUB_BUILDING_NAME BUILDING_NAME BUILDING_NUMBER
        DEPENDENT_THOROUGHFARE THOROUGHFARE DOUBLE_DEPENDENT_LOCALITY DEPENDENT_LOCALITY POST_TOWN POSTCODE
        POSTCODE_TYPE DELIVERY_POINT_SUFFIX WELSH_DEPENDENT_THOROUGHFARE WELSH_THOROUGHFARE
        WELSH_DOUBLE_DEPENDENT_LOCALITY WELSH_DEPENDENT_LOCALITY WELSH_POST_TOWN PO_BOX_NUMBER PROCESS_DATE START_DATE
        END_DATE LAST_UPDATE_DATE ENTRY_DATE""",
    RecordType.SUCCESSOR: "UPRN SUCC_KEY START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE SUCCESSOR",
    RecordType.ORGANISATION: """
        UPRN ORG_KEY ORGANISATION LEGAL_NAME START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE""",
    RecordType.CLASSIFICATION: """
        UPRN CLASS_KEY CLASSIFICATION_CODE CLASS_SCHEME SCHEME_VERSION START_DATE END_DATE LAST_UPDATE_DATE
        ENTRY_DATE""",
}
_DTF = {
    RecordType.STREET: """
        USRN RECORD_TYPE SWA_ORG_REF_NAMING STATE STATE_DATE STREET_SURFACE STREET_CLASSIFICATION VERSION ENTRY_DATE
        LAST_UPDATE_DATE START_DATE END_DATE STREET_START_X STREET_START_Y STREET_END_X STREET_END_Y
        STREET_TOLERANCE""",
    RecordType.DESCRIPTOR: "USRN STREET_DESCRIPTION LOCALITY TOWN_NAME ADMINISTRATIVE_AREA LANGUAGE",
    RecordType.PROPERTY: """
        UPRN LOGICAL_STATUS STATE STATE_DATE CLASS PARENT_UPRN X_COORDINATE Y_COORDINATE RPC LOCAL_CUSTODIAN_CODE
        START_DATE END_DATE LAST_UPDATE_DATE ENTRY_DATE ORGANISATION WARD_CODE PARISH_CODE CUSTODIAN_ONE CUSTODIAN_TWO
        CAN_KEY""",
    RecordType.NAME: f"""
        UPRN LPI_KEY LANGUAGE LOGICAL_STATUS START_DATE END_DATE ENTRY_DATE LAST_UPDATE_DATE {_NUMBERS} LEVEL
        POSTAL_ADDRESS POSTCODE POST_TOWN OFFICIAL_FLAG CUSTODIAN_ONE CUSTODIAN_TWO CAN_KEY""",
}
START = ("RECORD_IDENTIFIER", "CHANGE_TYPE", "PRO_ORDER")
LAYOUTS: dict[str, dict[int, tuple[str, ...]]] = {
    AddressFormat.PREMIUM: {kind: (*START, *names.split()) for kind, names in _PREMIUM.items()},
    AddressFormat.DTF: {kind: (*START, *names.split()) for kind, names in _DTF.items()},
}
KEYS = {
    RecordType.STREET: ("USRN",),
    RecordType.DESCRIPTOR: ("USRN", "LANGUAGE"),
    RecordType.PROPERTY: ("UPRN",),
    RecordType.CROSS_REFERENCE: ("XREF_KEY",),
    RecordType.NAME: ("LPI_KEY",),
    RecordType.DELIVERY_POINT: ("UDPRN",),
    RecordType.SUCCESSOR: ("SUCC_KEY",),
    RecordType.ORGANISATION: ("ORG_KEY",),
    RecordType.CLASSIFICATION: ("CLASS_KEY",),
}
HEADER, METADATA, TRAILER = 10, 29, 99
KINDS = {10, 11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 98, 99}
CHANGE_TYPES = {"I", "U", "D"}
LOGICAL_STATUSES = {"1", "3", "5", "6", "7", "8", "9"}
DATES = ("START_DATE", "END_DATE", "LAST_UPDATE_DATE")
LONGEST_KEY = 30
KEPT_FACTS = {
    RecordType.STREET: ("RECORD_TYPE", "STATE", "STREET_CLASSIFICATION", *DATES, "STREET_START_X", "STREET_START_Y"),
    RecordType.DESCRIPTOR: (*_PREMIUM[RecordType.DESCRIPTOR].split()[1:6], *DATES),
    RecordType.PROPERTY: """
        LOGICAL_STATUS STATE CLASS PARENT_UPRN X_COORDINATE Y_COORDINATE LOCAL_CUSTODIAN_CODE START_DATE END_DATE
        LAST_UPDATE_DATE ADDRESSBASE_POSTAL POSTCODE_LOCATOR ORGANISATION""".split(),
    RecordType.CROSS_REFERENCE: ("CROSS_REFERENCE", "SOURCE", "END_DATE"),
    RecordType.NAME: [
        *f"LANGUAGE LOGICAL_STATUS {_NUMBERS} POSTAL_ADDRESS POSTCODE POST_TOWN OFFICIAL_FLAG LEVEL".split(),
        *DATES,
    ],
    RecordType.DELIVERY_POINT: """
        ORGANISATION_NAME DEPARTMENT_NAME SUB_BUILDING_NAME BUILDING_NAME BUILDING_NUMBER DEPENDENT_THOROUGHFARE
        THOROUGHFARE DEPENDENT_LOCALITY POST_TOWN POSTCODE END_DATE LAST_UPDATE_DATE""".split(),
    RecordType.SUCCESSOR: ("SUCCESSOR", *DATES),
    RecordType.ORGANISATION: ("ORGANISATION", "LEGAL_NAME", *DATES),
    RecordType.CLASSIFICATION: ("CLASSIFICATION_CODE", "CLASS_SCHEME", *DATES),
}
TAX_REFERENCES = {"7666VC", "7666VN"}  # council tax and business rates: the cross references that somebody asks for


@dataclass(frozen=True)
class Record:
    line: int
    record_type: int
    change_type: str  # I, U or D
    key: str
    uprn: int | None
    usrn: int | None
    facts: dict[str, str]


@dataclass(frozen=True)
class LeftOut:
    """A line that is well and that we do not keep."""

    line: int


@dataclass
class _File:
    """What the lines before said."""

    formats: list[str]  # that the file may still be in
    records: int = 0  # but for header, metadata and trailer
    has_header: bool = False
    last_line: int = 0
    ended: bool = False


def record_format(values: list[str]) -> str | None:
    """Premium or DTF, when this first line is one of theirs."""
    if not values or not values[0].isdigit() or int(values[0]) not in KINDS:
        return None
    if int(values[0]) == HEADER:
        return AddressFormat.DTF if len(values) > 7 and values[7].startswith("7") else AddressFormat.PREMIUM
    fits = [name for name, layouts in LAYOUTS.items() if len(layouts.get(int(values[0]), ())) == len(values)]
    return fits[0] if fits else None


def read_records(path: Path, product: str) -> Iterator[Record | LeftOut | BadLine]:
    """Every line of the file, or what is wrong with it. Raises BadFileError for a file that is none."""
    file = _File(formats=[product])
    for line in read_lines(path):
        if isinstance(line, BadLine):
            yield line
            continue
        number, values = line
        file.last_line = number
        try:
            yield _read(number, values, file) or LeftOut(number)
        except BadLineError as error:
            yield BadLine(number, str(error))
    if file.has_header and not file.ended:
        yield BadLine(file.last_line, _("the file has no trailer (record 99): it was cut off"))


def _read(line: int, values: list[str], file: _File) -> Record | None:
    kind = int(values[0]) if values[0].isascii() and values[0].isdigit() and len(values[0]) < 4 else 0
    if kind not in KINDS:
        raise BadLineError(_("“%(kind)s” is no kind of record") % {"kind": values[0][:20]})
    if file.ended:
        raise BadLineError(_("there are records after the trailer"))
    if kind == TRAILER:
        _end(values, file)
        return None
    file.has_header |= kind == HEADER
    file.records += kind not in {HEADER, METADATA}
    layout = LAYOUTS[file.formats[0]].get(kind)
    if layout is None:
        return None
    if len(values) != len(layout):
        raise BadLineError(_wrong_width(kind, values, file.formats[0]))
    return _record(line, RecordType(kind), dict(zip(layout, values, strict=True)))


def _end(values: list[str], file: _File) -> None:
    """The trailer says how many records there are; suppliers count header and metadata in or not."""
    file.ended = True
    promised = values[2] if len(values) > 2 else ""
    if promised.isdigit() and not file.records <= int(promised) <= file.records + 3:
        counts = {"promised": int(promised), "found": file.records}
        raise BadLineError(
            _("the trailer promises %(promised)d records, and there are %(found)d: the file was cut") % counts
        )


def _wrong_width(kind: int, values: list[str], product: str) -> str:
    counts = {"kind": kind, "found": len(values), "expected": len(LAYOUTS[product][kind])}
    message = _("a record %(kind)d has %(expected)d columns, and there are %(found)d") % counts
    for other, layouts in LAYOUTS.items():
        if other != product and len(layouts.get(kind, ())) == len(values):
            message += _(": this looks like %(product)s") % {"product": AddressFormat(other).label}
    return message


def _record(line: int, kind: RecordType, row: dict[str, str]) -> Record | None:
    change_type = row["CHANGE_TYPE"].upper()
    if change_type not in CHANGE_TYPES:
        raise BadLineError(_("the change type is “%(type)s”; it is I, U or D") % {"type": row["CHANGE_TYPE"][:20]})
    if kind == RecordType.CROSS_REFERENCE and row["SOURCE"] not in TAX_REFERENCES:
        return None
    key = "|".join(row[column] for column in KEYS[kind])
    if not all(row[column] for column in KEYS[kind]) or len(key) > LONGEST_KEY:
        raise BadLineError(_("%(column)s is “%(key)s”") % {"column": " + ".join(KEYS[kind]), "key": key[:40]})
    uprn = read_uprn(row["UPRN"]) if "UPRN" in row else None
    usrn = read_number(row, "USRN", digits=8) if "USRN" in row else None
    if change_type != "D":
        _check(kind, row)
    facts = {column: row[column] for column in KEPT_FACTS[kind] if row.get(column)}
    return Record(line, kind, change_type, key, uprn, usrn, facts)


def _check(kind: RecordType, row: dict[str, str]) -> None:
    for column in DATES:
        if column in row:
            read_date(row, column)
    if kind == RecordType.DESCRIPTOR and not row["STREET_DESCRIPTION"]:
        raise BadLineError(_("there is no street description"))
    if kind in {RecordType.PROPERTY, RecordType.NAME} and row["LOGICAL_STATUS"] not in LOGICAL_STATUSES:
        raise BadLineError(_("the logical status is “%(status)s”") % {"status": row["LOGICAL_STATUS"][:20]})
    if kind == RecordType.PROPERTY:
        read_location(row)
        read_number(row, "PARENT_UPRN")
        read_number(row, "LOCAL_CUSTODIAN_CODE", digits=6)
        read_number(row, "STATE", digits=4)
    elif kind == RecordType.NAME:
        for column in ("SAO_START_NUMBER", "SAO_END_NUMBER", "PAO_START_NUMBER", "PAO_END_NUMBER"):
            read_number(row, column, digits=6)
    elif kind == RecordType.SUCCESSOR:
        read_uprn(row["SUCCESSOR"])
