"""Small files of AddressBase Premium and LLPG DTF 7.3 that say exactly what a test needs."""

import csv
import io
from pathlib import Path

from barnet.gazetteer.records import LAYOUTS

SCHEME = "AddressBase Premium Classification Scheme"
UPRN, USRN = 200_000_001, 20_400_001
DEFAULTS = {
    11: {"USRN": USRN, "RECORD_TYPE": 1, "STATE": 2, "STREET_START_X": "524400.00", "STREET_START_Y": "196400.00"},
    15: {"USRN": USRN, "STREET_DESCRIPTION": "HIGH STREET", "TOWN_NAME": "BARNET", "LANGUAGE": "ENG"},
    21: {
        "UPRN": UPRN,
        "LOGICAL_STATUS": 1,
        "STATE": 2,
        "X_COORDINATE": "524500.00",
        "Y_COORDINATE": "196500.00",
        "LOCAL_CUSTODIAN_CODE": 5090,
        "START_DATE": "2007-10-09",
        "LAST_UPDATE_DATE": "2026-01-02",
        "ADDRESSBASE_POSTAL": "D",
        "POSTCODE_LOCATOR": "EN5 4AA",
    },
    24: {
        "UPRN": UPRN,
        "LPI_KEY": "5090L000000001",
        "LANGUAGE": "ENG",
        "LOGICAL_STATUS": 1,
        "START_DATE": "2007-10-09",
        "LAST_UPDATE_DATE": "2026-01-02",
        "PAO_START_NUMBER": 12,
        "USRN": USRN,
        "OFFICIAL_FLAG": "Y",
        "POSTAL_ADDRESS": "Y",
        "POSTCODE": "EN5 4AA",
    },
    23: {"UPRN": UPRN, "XREF_KEY": "5090X000000001", "CROSS_REFERENCE": "1234567", "SOURCE": "7666VC"},
    28: {"UPRN": UPRN, "UDPRN": 814808, "THOROUGHFARE": "HIGH STREET", "POST_TOWN": "BARNET", "POSTCODE": "EN5 4AA"},
    30: {"UPRN": UPRN, "SUCC_KEY": "5090S000000001", "SUCCESSOR": UPRN + 1},
    31: {"UPRN": UPRN, "ORG_KEY": "5090O000000001", "ORGANISATION": "CORNER SHOP"},
    32: {"UPRN": UPRN, "CLASS_KEY": "5090C000000001", "CLASSIFICATION_CODE": "RD04", "CLASS_SCHEME": SCHEME},
}


def record(kind: int, change_type: str = "I", product: str = "premium", **values: object) -> list[str]:
    known = {"RECORD_IDENTIFIER": kind, "CHANGE_TYPE": change_type} | DEFAULTS[kind] | values
    assert set(values) <= set(LAYOUTS[product][kind]), "a misspelt column would change nothing"
    return [str(known.get(column, "")) for column in LAYOUTS[product][kind]]


def written(path: Path, *records: list[str], ends: bool = True, version: str = "2.2", promised: int | None = None):
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    day, time = "2026-11-02", "02:00:00"
    writer.writerow(["10", "GeoPlace", "9999", day, "0", day, time, version, "F"])
    for number, values in enumerate(records, start=1):
        writer.writerow([*values[:2], str(number), *values[3:]] if values[0] not in {"29", "12"} else values)
    if ends:
        writer.writerow(["99", "0", str(len(records) if promised is None else promised), day, time])
    path.write_bytes(text.getvalue().encode())
    return path


def home(uprn: int = UPRN, product: str = "premium", **name: object) -> list[list[str]]:
    """A property and its name, with a key of its own."""
    blpu = record(21, product=product, UPRN=uprn)
    return [blpu, record(24, product=product, UPRN=uprn, **({"LPI_KEY": f"5090L{uprn}"} | name))]
