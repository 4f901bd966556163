"""Importing 150,000 addresses, each import in a process of its own, so that its memory is its own.

Promise: under three minutes and 500 MB.
"""

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from barnet.gazetteer.addressbase import COLUMNS
from barnet.gazetteer.records import LAYOUTS
from bench import Measured, PrintRow, Promise

HOW_MANY = 150_000
FIRST_UPRN, LAST_UPRN = 800_000_000, 800_000_000 + HOW_MANY
FIRST_USRN = 88_000_000
HOMES_ON_A_STREET = 50
PROMISE = Promise(180_000, peak_mb=500)
SCHEME = "AddressBase Premium Classification Scheme"
# The import in another process, which says at its end what it took of memory.
CHILD = """
import os, resource, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.core.management import call_command
call_command("import_addresses", sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, resource.getrusage(resource.RUSAGE_SELF).ru_utime)
"""


def run(print_row: PrintRow) -> None:
    _clear()
    with tempfile.TemporaryDirectory() as folder:
        for what, name, lines in (
            ("AddressBase Premium, full supply", "premium.csv", _premium()),
            ("the same file again", "premium.csv", None),
            ("a change file: 3,000 new names of homes", "changes.csv", _changes()),
            ("LLPG DTF 7.3, full supply over it", "dtf.csv", _dtf()),
            ("AddressBase Plus, full supply over it", "plus.csv", _plus()),
        ):
            path = Path(folder) / name
            if lines is not None:
                _write(path, lines)
            print_row(what, _import(path), PROMISE)
    _clear()


def _import(path: Path) -> Measured:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    taken = (time.perf_counter() - start) * 1000
    print("   ", " / ".join(done.stdout.splitlines()[:-1]))
    peak_mb, cpu_seconds = done.stdout.splitlines()[-1].split()
    return Measured([taken], float(cpu_seconds) * 1000, 0, peak_mb=float(peak_mb))


def _write(path: Path, lines: Iterator[list[object]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerows(lines)


def _homes() -> Iterator[tuple[int, int, int, str]]:
    """UPRN, USRN, house number, postcode."""
    for number in range(HOW_MANY):
        street, house = divmod(number, HOMES_ON_A_STREET)
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        postcode = f"EN5 {street % 10}{letters[street // 10 % 20]}{letters[street // 200 % 20]}"
        yield FIRST_UPRN + number, FIRST_USRN + street, house + 1, postcode


def _street_name(usrn: int) -> str:
    first = ("ALDER", "BEECH", "CEDAR", "DOLLIS", "ELM", "FERN", "GLEBE", "HAZEL", "IVY", "LIME")
    last = ("ROAD", "AVENUE", "CLOSE", "GARDENS", "WAY", "LANE", "DRIVE", "GROVE", "HILL", "PARK")
    number = usrn - FIRST_USRN
    return f"{first[number % 10]} {first[number // 10 % 10]} {last[number // 100 % 10]} {number // 1000 or ''}".strip()


def _record(product: str, kind: int, **values: object) -> list[object]:
    known = {"RECORD_IDENTIFIER": kind, "CHANGE_TYPE": "I", "PRO_ORDER": 1} | values
    return [known.get(column, "") for column in LAYOUTS[product][kind]]


def _premium() -> Iterator[list[object]]:
    yield [10, "GeoPlace", 9999, "2026-11-02", 0, "2026-11-02", "02:00:00", "2.2", "F"]
    yield from _records("premium")
    yield [99, 0, "", "2026-11-02", "02:00:00"]


def _dtf() -> Iterator[list[object]]:
    yield [10, "BARNET", 5090, "2026-11-02", 0, "2026-11-02", "02:00:00", "7.3", "F"]
    yield from _records("dtf")
    yield [99, 0, "", "2026-11-02", "02:00:00"]


def _records(product: str) -> Iterator[list[object]]:
    dates = {"START_DATE": "2007-10-09", "LAST_UPDATE_DATE": "2026-01-02", "ENTRY_DATE": "2001-02-12"}
    chance = random.Random(5090)
    for usrn in range(FIRST_USRN, FIRST_USRN + HOW_MANY // HOMES_ON_A_STREET):
        yield _record(product, 11, USRN=usrn, RECORD_TYPE=1, STREET_START_X="524400.00", STREET_START_Y="196400.00")
        yield _record(product, 15, USRN=usrn, STREET_DESCRIPTION=_street_name(usrn), TOWN_NAME="BARNET", LANGUAGE="ENG")
    for uprn, usrn, house, postcode in _homes():
        of_it: dict[str, object] = {"UPRN": uprn} | dates
        place = {"X_COORDINATE": f"{519_000 + uprn % 9973}.00", "Y_COORDINATE": f"{185_000 + uprn % 9967}.00"}
        blpu = {"LOGICAL_STATUS": 1, "STATE": 2, "LOCAL_CUSTODIAN_CODE": 5090} | place
        name = {"LANGUAGE": "ENG", "USRN": usrn, "PAO_START_NUMBER": house}
        if product == "premium":
            blpu |= {"ADDRESSBASE_POSTAL": "D", "POSTCODE_LOCATOR": postcode}
        else:
            blpu |= {"CLASS": "RD04"}
            name |= {"POSTAL_ADDRESS": "Y", "POSTCODE": postcode, "POST_TOWN": "BARNET"}
        yield _record(product, 21, **of_it, **blpu)
        yield _record(product, 24, **of_it, **name, LOGICAL_STATUS=1, LPI_KEY=f"5090L{uprn}")
        if chance.random() < 0.2:
            former = {"LPI_KEY": f"5090M{uprn}", "LOGICAL_STATUS": 8, "PAO_TEXT": f"COTTAGE {uprn % 1000}"}
            yield _record(product, 24, **(of_it | name | former | {"PAO_START_NUMBER": ""}))
        if product == "premium":
            yield from _only_premium(of_it, uprn, house, postcode, _street_name(usrn))


def _only_premium(
    of_it: dict[str, object], uprn: int, house: int, postcode: str, street: str
) -> Iterator[list[object]]:
    point = {"BUILDING_NUMBER": house, "THOROUGHFARE": street, "POST_TOWN": "BARNET", "POSTCODE": postcode}
    yield _record("premium", 28, **of_it, **point, UDPRN=uprn - FIRST_UPRN + 50_000_000)
    use = {"CLASSIFICATION_CODE": "RD04", "CLASS_SCHEME": SCHEME, "SCHEME_VERSION": "1.0"}
    yield _record("premium", 32, **of_it, **use, CLASS_KEY=f"5090C{uprn}")
    for source in ("7666VC", "7666OW", "7666MT", "7666MI"):
        key = f"5090{source[-2:]}{uprn}"
        yield _record("premium", 23, **of_it, XREF_KEY=key, CROSS_REFERENCE=uprn, SOURCE=source)


def _changes() -> Iterator[list[object]]:
    for uprn, usrn, house, _postcode in list(_homes())[:3_000]:
        name = {"UPRN": uprn, "LPI_KEY": f"5090L{uprn}", "LANGUAGE": "ENG", "USRN": usrn, "LOGICAL_STATUS": 1}
        yield _record("premium", 24, CHANGE_TYPE="U", PAO_START_NUMBER=house, PAO_TEXT="THE HOUSE", **name)


def _plus() -> Iterator[list[object]]:
    for uprn, usrn, house, postcode in _homes():
        values: dict[str, object] = {
            "UPRN": uprn,
            "CHANGE_TYPE": "I",
            "STATE": 2,
            "CLASS": "RD04",
            "X_COORDINATE": f"{519_000 + uprn % 9973}.00",
            "Y_COORDINATE": f"{185_000 + uprn % 9967}.00",
            "LOCAL_CUSTODIAN_CODE": 5090,
            "LAST_UPDATE_DATE": "2026-02-02",
            "PAO_START_NUMBER": house,
            "USRN": usrn,
            "STREET_DESCRIPTION": _street_name(usrn),
            "TOWN_NAME": "BARNET",
            "POSTCODE_LOCATOR": postcode,
            "ADDRESSBASE_POSTAL": "D",
        }
        yield [values.get(column, "") for column in COLUMNS]


def _clear() -> None:
    ours = [FIRST_UPRN, LAST_UPRN]
    with connection.cursor() as cursor:
        for table, column in (
            ("gazetteer_addressname", "address_id"),
            ("gazetteer_addresschange", "address_id"),
            ("gazetteer_sourcerecord", "uprn"),
            ("gazetteer_address", "uprn"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} BETWEEN %s AND %s", ours)
        cursor.execute("DELETE FROM gazetteer_sourcerecord WHERE usrn >= %s AND uprn IS NULL", [FIRST_USRN])
