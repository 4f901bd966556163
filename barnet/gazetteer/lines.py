"""The one line in which people read an address, made from the parts of BS7666.

`Flat 3, Meridian House, 12A-14 High Street, Barnet, EN5 4AA`: organisation, secondary name and number, primary name,
primary number with the street, locality, town, postcode; nothing twice. The administrative area is left out, as
Ordnance Survey leaves it out of its own single lines.
"""

import re
from collections.abc import Iterable

from barnet.gazetteer.models import Address

LONGEST_LINE = 300
SMALL_WORDS = {"AND", "AT", "BY", "DE", "FOR", "IN", "LA", "LE", "OF", "ON", "THE", "TO", "UNDER", "UPON", "WITH"}
WITHOUT_VOWELS = {"CT", "DR", "FT", "LTD", "MR", "MRS", "MT", "NTH", "RD", "ST", "STH"}
ROMAN = re.compile(r"(?=[IVX])X{0,3}(IX|IV|V?I{0,3})")
ORDINAL = re.compile(r"\d+(ST|ND|RD|TH)")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def compose(address: Address) -> Address:
    """Fill in what is derived from the parts: `one_line`, `search_text`, `postcode_key`. Does not save."""
    address.one_line = one_line(address)
    address.search_text = searchable(address.one_line)
    address.postcode_key = address.postcode.replace(" ", "").upper()
    return address


def one_line(address: Address) -> str:
    secondary = number_range(
        address.sao_start_number, address.sao_start_suffix, address.sao_end_number, address.sao_end_suffix
    )
    primary = number_range(
        address.pao_start_number, address.pao_start_suffix, address.pao_end_number, address.pao_end_suffix
    )
    name = title(address.pao_text)
    named = f"{secondary} {name}" if secondary and name else secondary or name
    parts = [
        title(address.organisation) if address.organisation.upper() != address.pao_text.upper() else "",
        title(address.sao_text),
        named,
        f"{primary} {title(address.street)}".strip(),
        title(address.locality),
        title(address.town) if address.town.upper() != address.locality.upper() else "",
        address.postcode.upper(),
    ]
    line = _joined(parts)
    return line if len(line) <= LONGEST_LINE else _joined(parts[1:])[:LONGEST_LINE]


def number_range(start: int | None, start_suffix: str, end: int | None, end_suffix: str) -> str:
    """`12`, `12A`, `12A-14`, `12-14B`."""
    first = f"{'' if start is None else start}{start_suffix}".upper()
    last = f"{'' if end is None else end}{end_suffix}".upper()
    return f"{first}-{last}" if first and last else first or last


def searchable(text: str) -> str:
    """Upper case, without the signs that people leave out."""
    return re.sub(r"[^\w&/-]+", " ", re.sub(r"['’.]", "", text)).upper().strip()[:LONGEST_LINE]


def title(text: str) -> str:
    """`ST JAMES'S CLOSE` -> `St James's Close`. What already has small letters stays as its author wrote it."""
    if any(sign.islower() for sign in text):
        return text
    words = WORD.sub(lambda match: _word(match[0], is_first=match.start() == 0), text)
    return words.replace("C/O", "c/o")


def _word(word: str, *, is_first: bool) -> str:
    if word in SMALL_WORDS and not is_first:
        return word.lower()
    if ORDINAL.fullmatch(word):
        return word.lower()
    if len(word) == 1 or any(sign.isdigit() for sign in word) or ROMAN.fullmatch(word):
        return word
    if not re.search("[AEIOUY]", word) and word not in WITHOUT_VOWELS:
        return word  # NHS, BBC, HSBC
    return _name(word)


def _name(word: str) -> str:
    if re.match(r"[A-Z]'[A-Z]{2}", word):  # O'NEIL, D'ARCY
        return word[:2] + word[2:].capitalize()
    if re.match(r"MC[A-Z]{3}", word):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
