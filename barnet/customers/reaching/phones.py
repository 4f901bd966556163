"""Telephone numbers as people write them, kept as `+44…`. `contact_points.KEEP_POINTS` has the same rules as SQL."""

import re

from barnet.customers.enums import ContactKind

SHORTEST, LONGEST = 7, 15  # digits after the plus (ITU-T E.164)


def normalised_phone(text: str) -> str:
    """`+442079460100` for "020 7946 0100", "+44 (0)20 7946 0100" or "0044 20…"; empty for what is no number."""
    digits = re.sub(r"[^0-9+]", "", text)
    digits = re.sub(r"^(\+44|0044)0?|^0(?=[1-9])", "+44", digits)
    digits = re.sub(r"^00", "+", digits)
    return digits if re.fullmatch(r"\+[0-9]{7,15}", digits) else ""


def phone_kind(number: str) -> ContactKind:
    """Of a normalised number. 070 numbers only look like mobiles; abroad, what people give us is mostly a mobile."""
    if number.startswith("+44"):
        return ContactKind.MOBILE if re.fullmatch(r"\+447[1-9][0-9]{8}", number) else ContactKind.LANDLINE
    return ContactKind.MOBILE


def shown_phone(number: str) -> str:
    """As people in the country write it: `07700 900123`."""
    if not number.startswith("+44"):
        return number
    national = "0" + number.removeprefix("+44")
    return f"{national[:5]} {national[5:]}" if len(national) == 11 else national
