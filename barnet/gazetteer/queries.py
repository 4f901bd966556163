"""What a person typed into an address box, taken apart: `flat 3, 12a high st EN5` -> unit, number, words, postcode."""

import re
from dataclasses import dataclass

from barnet.gazetteer.lines import searchable
from barnet.gazetteer.postcodes import FULL, parse_partial_postcode, parse_postcode

LONGEST_TEXT = 200
MOST_WORDS = 8
LONGEST_WORD = 40
MOST_DIGITS = 6  # of a house number; more are a UPRN
UNITS = {"FLAT", "FLT", "APARTMENT", "APT", "UNIT", "ROOM", "STUDIO", "SUITE", "MAISONETTE", "PLOT"}
HOUSE_NUMBER = re.compile(r"(\d{1,6})([A-Z]?)(?:[-/]\d{1,6}[A-Z]?)?")
ABBREVIATIONS = {
    "AV": "AVENUE",
    "AVE": "AVENUE",
    "BLDG": "BUILDING",
    "BLVD": "BOULEVARD",
    "CL": "CLOSE",
    "CLO": "CLOSE",
    "COTT": "COTTAGE",
    "CRES": "CRESCENT",
    "CRT": "COURT",
    "CT": "COURT",
    "DR": "DRIVE",
    "DRV": "DRIVE",
    "EST": "ESTATE",
    "GDN": "GARDEN",
    "GDNS": "GARDENS",
    "GR": "GROVE",
    "GRN": "GREEN",
    "GRO": "GROVE",
    "GRV": "GROVE",
    "GT": "GREAT",
    "HSE": "HOUSE",
    "HTS": "HEIGHTS",
    "LN": "LANE",
    "LWR": "LOWER",
    "MNS": "MANSIONS",
    "MT": "MOUNT",
    "NTH": "NORTH",
    "PDE": "PARADE",
    "PK": "PARK",
    "PL": "PLACE",
    "RD": "ROAD",
    "SAINT": "ST",
    "SQ": "SQUARE",
    "STH": "SOUTH",
    "STR": "STREET",
    "TER": "TERRACE",
    "TERR": "TERRACE",
    "UPR": "UPPER",
    "VW": "VIEW",
    "WK": "WALK",
    "WY": "WAY",
}


@dataclass(frozen=True)
class AddressQuery:
    uprn: int | None = None
    postcode: str = ""  # canonical and whole: "EN5 4AA"
    partial_postcode: str = ""  # without the space: "EN5", "EN54"
    unit: str = ""
    number: int | None = None
    suffix: str = ""
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(self.words)

    def is_empty(self) -> bool:
        return not (self.uprn or self.postcode or self.partial_postcode or self.words)


def read_query(text: str) -> AddressQuery:
    text = text[:LONGEST_TEXT]
    if postcode := parse_postcode(text):
        return AddressQuery(postcode=postcode)
    tokens = [token[:LONGEST_WORD] for token in searchable(text).split() if re.search(r"[^\W_]", token)]
    if len(tokens) == 1 and re.fullmatch(r"[0-9]{7,12}", tokens[0]):
        return AddressQuery(uprn=int(tokens[0]))
    unit = _take_unit(tokens)
    postcode, partial = _take_postcode(tokens)
    numbers = _take_numbers(tokens)
    if len(numbers) > 1 and not unit:
        unit = "".join(numbers.pop(0))
    number, suffix = numbers[0] if numbers else (None, "")
    return AddressQuery(
        postcode=postcode,
        partial_postcode=partial,
        unit=unit,
        number=int(number) if number else None,
        suffix=suffix,
        words=_full_words(tokens[:MOST_WORDS]),
    )


def _take_unit(tokens: list[str]) -> str:
    for place, token in enumerate(tokens[:-1]):
        if token in UNITS and re.fullmatch(r"\d{1,6}[A-Z]?|[A-Z]\d{0,6}", tokens[place + 1]):
            unit = tokens[place + 1]
            del tokens[place : place + 2]
            return unit
    return ""


def _take_postcode(tokens: list[str]) -> tuple[str, str]:
    """A whole postcode anywhere, or the beginning of one at the end."""
    for width in (2, 1):
        for place in range(len(tokens) - width, -1, -1):
            squeezed = "".join(tokens[place : place + width])
            if FULL.fullmatch(squeezed) and (postcode := parse_postcode(squeezed)):
                del tokens[place : place + width]
                return postcode, ""
    for width in (2, 1):
        last = tokens[-width:]
        if len(last) == width and re.fullmatch(r"[A-Z]{1,2}\d[\dA-Z]?\d?", last[0]) and len(last[-1]) <= 4:
            if width == 2 and not re.fullmatch(r"\d", last[1]):
                continue
            if partial := parse_partial_postcode("".join(last)):
                del tokens[-width:]
                return "", partial
    return "", ""


def _take_numbers(tokens: list[str]) -> list[tuple[str, str]]:
    """House numbers with their suffix, in the order typed, at most two: unit and house."""
    numbers: list[tuple[str, str]] = []
    for token in list(tokens):
        if len(numbers) < 2 and (match := HOUSE_NUMBER.fullmatch(token)):
            numbers.append((match[1], match[2]))
            tokens.remove(token)
    return numbers


def _full_words(tokens: list[str]) -> tuple[str, ...]:
    """`st` is Saint where a name begins, else Street."""
    return tuple(
        "STREET" if word == "ST" and place else ABBREVIATIONS.get(word, word) for place, word in enumerate(tokens)
    )
