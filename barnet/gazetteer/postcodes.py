"""Postcodes as people type them, read into the form that Royal Mail writes: "EN5 4AA"."""

import re
from collections.abc import Iterator
from itertools import product

# The postcode areas of the United Kingdom, its islands and the forces: what tells a typed O from a zero.
AREAS = frozenset(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX"
    " FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN"
    " NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB"
    " W WA WC WD WF WN WR WS WV YO ZE".split()
)
OUTWARD = r"(?P<area>[A-Z]{1,2})(?:0|[1-9][0-9]?|[1-9][ABCDEFGHJKMNPRSTUVWXY])"
INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
FULL = re.compile(OUTWARD + INWARD)
PARTIAL = re.compile(OUTWARD + "[0-9]?")
LOOKALIKES = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}
LONGEST = 7


def parse_postcode(text: str) -> str | None:
    """`"en54aa"`, `" EN5  4aa."`, `"EN5 4aa"` -> `"EN5 4AA"`, or None.
    A letter O, I or L typed for a digit is put right, and the reverse. A word without digits is a name: Ellen, Nolan.
    """
    if not re.search(r"[0-9]|\S\s+\S", text):
        return None
    for key in _readings(_squeeze(text)):
        if is_postcode_key(key):
            return f"{key[:-3]} {key[-3:]}"
    return None


def parse_partial_postcode(text: str) -> str | None:
    """An outcode with or without the sector's digit, without the space: `"EN5"`, `"EN54"`."""
    squeezed = _squeeze(text)
    match = PARTIAL.fullmatch(squeezed)
    return squeezed if match and match["area"] in AREAS else None


def is_postcode_key(key: str) -> bool:
    match = FULL.fullmatch(key)
    return bool(match and match["area"] in AREAS)


def _squeeze(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text[:40].upper())


def _readings(squeezed: str) -> Iterator[str]:
    """As typed first, then with one letter read as a digit or the reverse, then two ..."""
    if 5 <= len(squeezed) <= LONGEST:
        readings = {"".join(signs) for signs in product(*(LOOKALIKES.get(sign, sign) for sign in squeezed))}
        yield from sorted(readings, key=lambda reading: (_changes(reading, squeezed), reading))


def _changes(reading: str, typed: str) -> int:
    return sum(a != b for a, b in zip(reading, typed, strict=True))
