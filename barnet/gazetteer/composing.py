"""From the records of one property to its address and its other names.

Today's line is the approved name (LPI) in English, the latest where there are several; of a provisional property the
provisional one; of a historical property its last one. All other names are kept beside it: alternatives, former ones,
those in another language. What the local gazetteer leaves empty comes from the delivery point of Royal Mail.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from barnet.gazetteer.addressbase import PlusRow, address_of
from barnet.gazetteer.csvlines import BadLineError
from barnet.gazetteer.enums import NameKind, RecordType
from barnet.gazetteer.models import Address

Facts = Mapping[str, str]
APPROVED, ALTERNATIVE, PROVISIONAL, HISTORICAL = "1", "3", "6", "8"
ENGLISH = "ENG"
OUR_SCHEME = "AddressBase Premium Classification Scheme"
NAME_PARTS = [
    f"{prefix}_{part}"
    for prefix in ("SAO", "PAO")
    for part in ("START_NUMBER", "START_SUFFIX", "END_NUMBER", "END_SUFFIX", "TEXT")
]


@dataclass(frozen=True)
class OtherName:
    kind: str
    key: str
    one_line: str
    search_text: str
    ended_on: dt.date | None


@dataclass(frozen=True)
class Composed:
    address: Address
    names: list[OtherName] = field(default_factory=list)


@dataclass
class Records:
    """All that is known of one property. `names` by key of the record."""

    uprn: int
    of_kind: dict[int, list[tuple[str, Facts]]]

    def one(self, kind: RecordType) -> Facts:
        """The latest that has not ended; nothing when there is none."""
        open_ones = [facts for _key, facts in self.of_kind.get(kind, ()) if not facts.get("END_DATE")]
        return max(open_ones, key=_latest, default={})

    @property
    def names(self) -> list[tuple[str, Facts]]:
        return self.of_kind.get(RecordType.NAME, [])


Streets = Mapping[int, Iterable[Facts]]


def compose_property(records: Records, streets: Streets) -> Composed:
    """Raises BadLineError when the records do not make an address."""
    found = records.of_kind.get(RecordType.PROPERTY, ())
    if not found:
        raise BadLineError(_("there is no property (record 21) with this UPRN"))
    blpu = found[0][1]
    chosen = _choose(records.names, blpu)
    if chosen is None:
        raise BadLineError(_("there is no name (record 24) for this property"))
    key, name = chosen
    address = _address(records, blpu, name, streets, records.one(RecordType.DELIVERY_POINT))
    address.is_provisional = blpu["LOGICAL_STATUS"] == PROVISIONAL
    address.retired_on = _retired_on(blpu, address)
    others = [_other_name(records, blpu, other, key_of, streets) for key_of, other in records.names if key_of != key]
    return Composed(address, [other for other in others if other and other.one_line != address.one_line])


def _choose(names: list[tuple[str, Facts]], blpu: Facts) -> tuple[str, Facts] | None:
    wanted = {PROVISIONAL: (PROVISIONAL, APPROVED), HISTORICAL: (HISTORICAL, APPROVED)}
    order = [*wanted.get(blpu["LOGICAL_STATUS"], ()), APPROVED, PROVISIONAL, HISTORICAL, ALTERNATIVE]
    return max(names, key=lambda named: _fitness(named[1], order), default=None)


def _fitness(name: Facts, order: list[str]) -> tuple[int, bool, bool, str]:
    status = name["LOGICAL_STATUS"]
    place = order.index(status) if status in order else len(order)
    return -place, not name.get("END_DATE"), name.get("LANGUAGE", ENGLISH) == ENGLISH, _latest(name)


def _latest(facts: Facts) -> str:
    return facts.get("LAST_UPDATE_DATE") or facts.get("START_DATE") or ""


def _address(records: Records, blpu: Facts, name: Facts, streets: Streets, point: Facts) -> Address:
    street = _street(name, streets)
    organisation = records.one(RecordType.ORGANISATION)
    classes = [
        facts
        for _key, facts in records.of_kind.get(RecordType.CLASSIFICATION, ())
        if facts.get("CLASS_SCHEME") == OUR_SCHEME and not facts.get("END_DATE")
    ]
    row = PlusRow({column: name.get(column, "") for column in NAME_PARTS})
    row |= {
        "LA_ORGANISATION": organisation.get("ORGANISATION", "") or blpu.get("ORGANISATION", ""),
        "RM_ORGANISATION_NAME": point.get("ORGANISATION_NAME", ""),
        "SUB_BUILDING_NAME": point.get("SUB_BUILDING_NAME", ""),
        "BUILDING_NAME": point.get("BUILDING_NAME", ""),
        "BUILDING_NUMBER": point.get("BUILDING_NUMBER", ""),
        "STREET_DESCRIPTION": street.get("STREET_DESCRIPTION", ""),
        "DEPENDENT_THOROUGHFARE": point.get("DEPENDENT_THOROUGHFARE", ""),
        "THOROUGHFARE": point.get("THOROUGHFARE", ""),
        "LOCALITY": street.get("LOCALITY", ""),
        "DEPENDENT_LOCALITY": "" if street else point.get("DEPENDENT_LOCALITY", ""),
        "TOWN_NAME": street.get("TOWN_NAME", "") or name.get("POST_TOWN", ""),
        "POST_TOWN": point.get("POST_TOWN", ""),
        "ADMINISTRATIVE_AREA": street.get("ADMINISTRATIVE_AREA", ""),
        "POSTCODE_LOCATOR": blpu.get("POSTCODE_LOCATOR", "") or name.get("POSTCODE", ""),
        "POSTCODE": point.get("POSTCODE", ""),
        "USRN": name.get("USRN", ""),
        "CLASS": max(classes, key=_latest, default={}).get("CLASSIFICATION_CODE", "") or blpu.get("CLASS", ""),
        "ADDRESSBASE_POSTAL": blpu.get("ADDRESSBASE_POSTAL", "") or name.get("POSTAL_ADDRESS", ""),
        "LAST_UPDATE_DATE": max(_changed(blpu), _changed(name)),
    }
    for column in ("STATE", "PARENT_UPRN", "X_COORDINATE", "Y_COORDINATE", "LOCAL_CUSTODIAN_CODE"):
        row[column] = blpu.get(column, "")
    return address_of(records.uprn, row)


def _changed(facts: Facts) -> str:
    return facts.get("LAST_UPDATE_DATE", "")


def _street(name: Facts, streets: Streets) -> Facts:
    """In the language of the name where there is one."""
    described = list(streets.get(int(name["USRN"]), ())) if name.get("USRN") else []
    language = name.get("LANGUAGE", ENGLISH)
    return max(described, key=lambda facts: (facts.get("LANGUAGE") == language, _latest(facts)), default={})


def _retired_on(blpu: Facts, address: Address) -> dt.date | None:
    """A historical or rejected property is kept as retired: on its last day, else on that of its last change."""
    if blpu["LOGICAL_STATUS"] in {APPROVED, PROVISIONAL} and not blpu.get("END_DATE"):
        return None
    ended = blpu.get("END_DATE") or blpu.get("LAST_UPDATE_DATE")
    return dt.date.fromisoformat(ended) if ended else address.changed_on or dt.date(1970, 1, 1)


def _other_name(records: Records, blpu: Facts, name: Facts, key: str, streets: Streets) -> OtherName | None:
    kind = _kind(name)
    if kind is None:
        return None
    try:
        address = _address(records, blpu, name, streets, point={})
    except BadLineError:
        return None  # nothing that anybody could have said
    ended = name.get("END_DATE")
    return OtherName(kind, key, address.one_line, address.search_text, dt.date.fromisoformat(ended) if ended else None)


def _kind(name: Facts) -> str | None:
    """A provisional or rejected name beside an approved one is nobody's name yet."""
    status = name["LOGICAL_STATUS"]
    if status == HISTORICAL or (status in {APPROVED, ALTERNATIVE} and name.get("END_DATE")):
        return NameKind.FORMER
    if status == APPROVED and name.get("LANGUAGE", ENGLISH) != ENGLISH:
        return NameKind.LANGUAGE
    return NameKind.ALTERNATIVE if status in {APPROVED, ALTERNATIVE} else None
