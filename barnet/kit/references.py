"""References that people read out on the telephone: `BAR-7K3M-29QD`.

Twenty-three signs, none of which is mistaken for another; seven are random, the eighth is a checksum modulo 23. It
catches every single wrong sign and every two signs swapped. Signs that we never use are read as what they look like.
A reference names a case; it never opens one.
"""

import re
import secrets

SIGNS = "23456789CDFGHJKMNPQRTXY"
PREFIX = "BAR"
_LOOKS_LIKE = str.maketrans("SZB", "528")
_PATTERN = re.compile(rf"{PREFIX}-[{SIGNS}]{{4}}-[{SIGNS}]{{4}}")


class InvalidReferenceError(ValueError):
    """The text is not one of our references, or a sign of it was mistyped."""


def new_reference() -> str:
    return reference_of("".join(secrets.choice(SIGNS) for _ in range(7)))


def reference_of(payload: str) -> str:
    """The reference that seven of our signs make with their checksum."""
    return _format(payload + _check_sign(payload))


def parse_reference(text: str) -> str:
    """The canonical form of what somebody typed, in any case and spacing. Raises InvalidReferenceError."""
    signs = re.sub(r"[\s\-–—_.]", "", text).upper()
    if signs.startswith(PREFIX):
        signs = signs[len(PREFIX) :]
    signs = signs.translate(_LOOKS_LIKE)
    if len(signs) != 8 or any(sign not in SIGNS for sign in signs) or _check_sign(signs[:7]) != signs[7]:
        raise InvalidReferenceError(text)
    return _format(signs)


def is_canonical(text: str) -> bool:
    return bool(_PATTERN.fullmatch(text))


def _check_sign(payload: str) -> str:
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(payload, start=2))
    return SIGNS[-total % len(SIGNS)]


def _format(signs: str) -> str:
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"
