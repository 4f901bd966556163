"""How long a text message is, in the parts that the networks send and the council pays for (GSM 03.38, GSM 03.40)."""

from dataclasses import dataclass

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = set("^{}\\[~]|€")  # each takes the room of two
_ALONE, _IN_PARTS = {False: 160, True: 70}, {False: 153, True: 67}


@dataclass(frozen=True)
class Length:
    units: int  # characters, as the networks count them
    parts: int
    is_unicode: bool  # one sign outside the networks' alphabet makes all of them dear


def length_of(text: str) -> Length:
    is_unicode = any(sign not in _GSM and sign not in _GSM_TWO for sign in text)
    units = len(text.encode("utf-16-be")) // 2 if is_unicode else len(text) + sum(sign in _GSM_TWO for sign in text)
    if units <= _ALONE[is_unicode]:
        return Length(units, 1 if units else 0, is_unicode)
    return Length(units, -(-units // _IN_PARTS[is_unicode]), is_unicode)
