"""Address search in a borough of 141,000 addresses, as people type: postcodes, numbers and streets, typing errors."""

import datetime as dt
import random
from collections.abc import Iterator

from django.contrib.gis.geos import Point
from django.db import connection

from barnet.gazetteer.lines import compose
from barnet.gazetteer.models import BNG, Address
from barnet.gazetteer.selectors import addresses_at_postcode, areas_at, find_addresses
from bench import PrintRow, Promise, measure

HOW_MANY = 141_000
FIRST_UPRN = 900_000_000
NAMES = (
    "ABBOTS ALDER APPLE ARDEN ASH ASHBOURNE BALLARDS BARNFIELD BEECH BELL BIRCH BISHOPS BRAMBLE BRENT BRIDGE BROOK"
    " BURTON CASTLE CEDAR CHALK CHERRY CHURCH CLAREMONT CLIFTON COLNEY COPPICE CRESCENT CROWN DALE DEAN DENE DOLLIS"
    " EDGE ELM FAIR FALLOW FERN FIELD FINCH FORD FOX FRIARY GLEBE GOLDERS GRANGE GRAVEL GREEN GROVE HALE HART HAZEL"
    " HEATH HENDON HIGH HILL HOLLY HOLM HOOP IVY JUBILEE KINGS LARCH LAUREL LEICESTER LIME LONG LYND MANOR MAPLE MEADOW"
    " MILL MOSS MOUNT NETHER NEW NORTH OAK OAKLEIGH OLD ORCHARD PARK PARSON PINE POND POPLAR PRINCES QUEENS REGENTS"
    " RIDGE RIVER ROSE ROWAN SALIS SHIRE SOMER SOUTH SPRING STATION STONE SUMMERS SYCAMORE TEMPLE THORN TOTTER UNION"
    " UPPER VICARAGE VICTORIA VILLAGE WATER WELL WEST WHITE WILLOW WOOD WOODSIDE YEW"
).split()
KINDS = ["ROAD"] * 30 + ["AVENUE"] * 14 + ["CLOSE"] * 16 + ["GARDENS"] * 10 + ["WAY", "LANE", "DRIVE", "COURT"] * 4
KINDS += ["STREET", "GROVE", "CRESCENT", "HILL", "PARK", "PLACE", "TERRACE", "SQUARE"] * 2
TOWNS = {"LONDON": ["N2", "N3", "N11", "N12", "N14", "N20", "NW2", "NW4", "NW7", "NW9", "NW11"]}
TOWNS |= {"BARNET": ["EN4", "EN5"], "EDGWARE": ["HA8"]}
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def run(print_row: PrintRow) -> None:
    if Address.objects.filter(uprn__gte=FIRST_UPRN).count() != HOW_MANY:
        lay_addresses(HOW_MANY)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE gazetteer_address, gazetteer_placename")
    sample = list(Address.objects.filter(uprn__gte=FIRST_UPRN).order_by("?")[:200])
    chance = random.Random(7)
    for what, queries in typed(sample, chance).items():
        print_row(f"address search: {what}", measure(find_addresses, queries), Promise(50))
    print_row("all addresses at a postcode", measure(_at_postcode, [a.postcode for a in sample]), Promise(50))
    print_row("areas at a point", measure(_areas, [a.location for a in sample]), Promise(50))


def typed(sample: list[Address], chance: random.Random) -> dict[str, list[str]]:
    """What a person types to find each address of the sample."""
    return {
        "postcode": [address.postcode.lower().replace(" ", "") for address in sample],
        "half a postcode": [address.postcode[:-2] for address in sample],
        "number and street": [f"{address.pao_start_number} {address.street.lower()}" for address in sample],
        "number, street and town": [f"{a.pao_start_number} {a.street} {a.town}" for a in sample],
        "the whole line": [address.one_line for address in sample],
        "a typing error": [f"{a.pao_start_number} {mistyped(a.street, chance)}" for a in sample],
        "a street only, being typed": [address.street[: chance.randint(4, 9)] for address in sample],
        "a building": [address.pao_text or address.street for address in sample],
        "a building with a typing error": [mistyped(a.pao_text or a.street, chance) for a in sample],
        "a word that thousands share": ["road", "london", "court", "flat", "avenue n2", "12 road", "the", "barnet"]
        * 12,
        "nothing that we have": [f"{chance.randint(1, 99)} zq{n}xv kjhgf qpwo" for n in range(100)],
        "hostile": ["%" * 200, "_" * 200, "' OR 1=1 --", "a" * 10_000, "\0", "12 " * 500, "x road " * 40] * 10,
    }


def mistyped(name: str, chance: random.Random) -> str:
    """Two neighbouring letters of the first word change places."""
    place = chance.randrange(1, max(2, len(name.split()[0]) - 1))
    return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


def lay_addresses(how_many: int) -> None:
    """Synthetic, and the same each time. None of these streets with these postcodes is meant to exist."""
    Address.objects.filter(uprn__gte=FIRST_UPRN).delete()
    batch: list[Address] = []
    for number, address in enumerate(_addresses(random.Random(5090))):
        if number == how_many:
            break
        address.uprn = FIRST_UPRN + number
        batch.append(compose(address))
        if len(batch) == 5000:
            Address.objects.bulk_create(batch)
            batch = []
    Address.objects.bulk_create(batch)


def _addresses(chance: random.Random) -> Iterator[Address]:
    while True:
        town = chance.choices(list(TOWNS), weights=[70, 18, 12])[0]
        street = " ".join([*chance.sample(NAMES, chance.choice([1, 2])), chance.choice(KINDS)])
        sector = f"{chance.choice(TOWNS[town])} {chance.randint(0, 9)}"
        point = Point(chance.uniform(519_000, 529_000), chance.uniform(185_000, 199_000), srid=BNG)
        postcode = ""
        for house in range(1, chance.randint(10, 90)):
            if house % 20 == 1:
                postcode = sector + chance.choice(LETTERS) + chance.choice(LETTERS)
            parts = {
                "pao_start_number": house,
                "pao_start_suffix": "A" if house % 23 == 0 else "",
                "street": street,
                "town": town,
                "postcode": postcode,
                "custodian_code": 5090,
                "location": Point(point.x + house * 9, point.y, srid=BNG),
            }
            if house % 17 == 0:
                name = f"{chance.choice(NAMES)} {chance.choice(['COURT', 'HOUSE', 'LODGE', 'MANSIONS'])}"
                yield from (Address(sao_text=f"FLAT {flat}", pao_text=name, **parts) for flat in range(1, 25))
            else:
                yield Address(**parts)


def _at_postcode(postcode: str) -> list[Address]:
    return list(addresses_at_postcode(postcode))


def _areas(point: Point) -> list[object]:

    return list(areas_at(point, dt.date(2026, 11, 23)))
