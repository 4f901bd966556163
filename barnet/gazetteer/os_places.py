"""The OS Places API of Ordnance Survey: a small client.

It tells addresses of our own custodian only, unique by UPRN, without what is no postal address. Where the local
gazetteer and Royal Mail both describe one, the gazetteer's words count. The key goes in a header: no log has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings

from barnet.gazetteer.addressbase import PlusRow, address_of
from barnet.gazetteer.csvlines import BadLineError, read_uprn
from barnet.gazetteer.models import Address

TIMEOUT = (1.5, 3)  # seconds to connect, and between two bytes of the answer: somebody waits for the page
PAGE = 100  # the most that one answer holds
MOST_PAGES = 5
APPROVED, NOT_POSTAL = "1", "N"
LONGEST_WAIT = 3_600
IN_WORDS_OF_PLUS = {
    "ORGANISATION": "LA_ORGANISATION",
    "ORGANISATION_NAME": "RM_ORGANISATION_NAME",
    "DEPENDENT_THOROUGHFARE_NAME": "DEPENDENT_THOROUGHFARE",
    "THOROUGHFARE_NAME": "THOROUGHFARE",
    "LOCALITY_NAME": "LOCALITY",
    "CLASSIFICATION_CODE": "CLASS",
    "BLPU_STATE_CODE": "STATE",
    "POSTAL_ADDRESS_CODE": "ADDRESSBASE_POSTAL",
}


@dataclass
class NoAnswerError(Exception):
    """`wait`: for how many seconds not to ask again."""

    reason: str
    wait: int = 60


def is_configured() -> bool:
    return bool(settings.OS_PLACES_KEY)


def at_postcode(postcode: str) -> list[Address]:
    """Not saved. Raises NoAnswerError."""
    return _addresses(_results("postcode", {"postcode": postcode.replace(" ", "")}))


def like(text: str) -> list[Address]:
    """The addresses most like the text, best first; not saved. Raises NoAnswerError."""
    custodians = " ".join(f"LOCAL_CUSTODIAN_CODE:{code}" for code in settings.OS_PLACES_CUSTODIANS)
    return _addresses(_results("find", {"query": text, "fq": custodians}, most_pages=1))


def _results(what: str, asked: dict[str, str], most_pages: int = MOST_PAGES) -> Iterator[dict[str, Any]]:
    common = {"dataset": "DPA,LPI", "output_srs": "EPSG:27700", "maxresults": str(PAGE)}
    for page in range(most_pages):
        answer = _ask(what, common | asked | {"offset": str(page * PAGE)})
        results = answer.get("results") or []
        if not isinstance(results, list):
            raise NoAnswerError("the answer has another shape")
        yield from results
        total = answer.get("header", {}).get("totalresults", 0)
        if not results or (page + 1) * PAGE >= int(total):
            return


def _ask(what: str, asked: dict[str, str]) -> dict[str, Any]:
    try:
        response = requests.get(
            f"{settings.OS_PLACES_URL.rstrip('/')}/{what}",
            params=asked,
            headers={"key": settings.OS_PLACES_KEY, "Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise NoAnswerError(type(error).__name__) from None
    if response.status_code == 400:
        return {}  # it does not understand the text: nothing is found
    if response.status_code != 200:
        raise NoAnswerError(f"status {response.status_code}", _wait(response.headers.get("Retry-After", "")))
    try:
        answer = response.json()
    except ValueError:
        raise NoAnswerError("the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise NoAnswerError("the answer has another shape")
    return answer


def _wait(text: str) -> int:
    return min(int(text), LONGEST_WAIT) if text.isascii() and text.isdigit() else 60


def _addresses(results: Iterator[dict[str, Any]]) -> list[Address]:
    found: dict[int, Address] = {}
    named_by_gazetteer = set()
    for result in results:
        for source, told in result.items():
            address = _address(told) if isinstance(told, dict) else None
            if address is None or address.pk in named_by_gazetteer:
                continue
            found[address.pk] = address
            if source == "LPI":
                named_by_gazetteer.add(address.pk)
    return list(found.values())


def _address(told: dict[str, Any]) -> Address | None:
    row = PlusRow({IN_WORDS_OF_PLUS.get(name, name): str(value) for name, value in told.items()})
    if row["LOCAL_CUSTODIAN_CODE"] not in settings.OS_PLACES_CUSTODIANS or row["ADDRESSBASE_POSTAL"] == NOT_POSTAL:
        return None
    if (row["LPI_LOGICAL_STATUS_CODE"] or row["LOGICAL_STATUS_CODE"] or APPROVED) != APPROVED:
        return None
    day, _slash, rest = row["LAST_UPDATE_DATE"].partition("/")
    month, _slash, year = rest.partition("/")
    row["LAST_UPDATE_DATE"] = f"{year}-{month}-{day}" if year else ""
    try:
        return address_of(read_uprn(row["UPRN"]), row)
    except BadLineError:
        return None
