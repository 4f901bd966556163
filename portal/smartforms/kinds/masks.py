"""Patterns that an author writes for numbers: `9` is a digit, `A` a letter, `X` either; every other sign is itself.
`99999999|AA 9999` allows two. Spaces and hyphens may be typed or left out.

No regular expressions: an author cannot write one that takes for ever.
"""

_LOOSE = " -./"


def masks_of(pattern: str) -> list[str]:
    return [mask.strip() for mask in pattern.split("|") if mask.strip()]


def wrong_with(pattern: str) -> str:
    """Why a pattern cannot be used; empty for a good one."""
    if not masks_of(pattern):
        return "A pattern is needed here, such as 9999 9999 for eight digits."
    if not all(any(sign in "9AX" for sign in mask) for mask in masks_of(pattern)):
        return "A pattern needs a 9 for a digit, an A for a letter, or an X for either."
    return ""


def reads_as(pattern: str, typed: str) -> str:
    """What was typed, written as the first pattern that it fits; empty when it fits none."""
    signs = [sign for sign in typed.upper() if sign not in _LOOSE and not sign.isspace()]
    return next((read for mask in masks_of(pattern) if (read := _read(mask.upper(), signs))), "")


def _read(mask: str, signs: list[str]) -> str:
    left, written = list(signs), ""
    for place in mask:
        if place in _LOOSE:
            written += place
        elif left and _fits(place, left[0]):
            written += left.pop(0)
        else:
            return ""
    return "" if left else written


def _fits(place: str, sign: str) -> bool:
    if not sign.isascii():
        return False
    match place:
        case "9":
            return sign.isdigit()
        case "A":
            return sign.isalpha()
        case "X":
            return sign.isalnum()
    return sign == place
