"""The containers that the catalogue begins with. What staff changed stays."""

import datetime as dt
from typing import Any

from portal.waste.models import ContainerKind
from portal.waste.orders.enums import Handover, OrderReason

_FROM = dt.date(2026, 4, 1)
_NO_EXCHANGE = [reason for reason in OrderReason.values if reason != OrderReason.TOO_SMALL]
_STAYS = [reason for reason in OrderReason.values if reason != OrderReason.GIVE_BACK]  # no home is without one
_LIBRARIES = "Any library in the borough, free, while it is open. Bring proof of your address."

_KINDS: dict[str, dict[str, Any]] = {
    "refuse-180": {
        "name": "Refuse bin, 180 litres",
        "stream": "refuse",
        "litres": 180,
        "description": "Black 180 litre wheeled bin",
        "purpose": "What cannot be recycled",
        "who_may": "Homes with up to five people.",
        "group": "refuse",
        "fee_code": "refuse-180",
        "reasons": _STAYS,
    },
    "refuse-240": {
        "name": "Refuse bin, 240 litres",
        "stream": "refuse",
        "litres": 240,
        "description": "Black 240 litre wheeled bin",
        "purpose": "What cannot be recycled",
        "who_may": "Homes with six people or more, or two children in nappies.",
        "group": "refuse",
        "fee_code": "refuse-240",
        "reasons": _STAYS,
    },
    "recycling-240": {
        "name": "Recycling bin, 240 litres",
        "stream": "recycling",
        "litres": 240,
        "description": "Blue 240 litre wheeled bin",
        "purpose": "Paper, card, glass, cans, cartons and plastic packaging",
        "group": "recycling",
        "most_held": 2,
        "fee_code": "recycling-240",
    },
    "recycling-box": {
        "name": "Recycling box, 55 litres",
        "stream": "recycling",
        "litres": 55,
        "description": "Blue 55 litre recycling box",
        "purpose": "Paper, card, glass, cans, cartons and plastic packaging",
        "who_may": "Homes without room for a wheeled bin.",
        "group": "recycling",
        "most_held": 2,
        "most_ordered": 2,
        "fee_code": "recycling-box",
        "reasons": _NO_EXCHANGE,
    },
    "food-caddy-outdoor": {
        "name": "Outdoor food caddy, 23 litres",
        "stream": "food",
        "litres": 23,
        "description": "Brown 23 litre food caddy",
        "purpose": "Food waste, put out for collection",
        "group": "food-outdoor",
        "fee_code": "food-caddy-outdoor",
        "promise_working_days": 5,
        "reasons": _NO_EXCHANGE,
    },
    "food-caddy-kitchen": {
        "name": "Kitchen caddy, 7 litres",
        "stream": "food",
        "litres": 7,
        "description": "Grey 7 litre kitchen caddy",
        "purpose": "Food waste, kept in the kitchen",
        "group": "food-kitchen",
        "is_emptied": False,
        "fee_code": "food-caddy-kitchen",
        "promise_working_days": 5,
        "reasons": _NO_EXCHANGE,
    },
    "garden-240": {
        "name": "Garden waste bin, 240 litres",
        "stream": "garden",
        "litres": 240,
        "description": "Green 240 litre wheeled bin",
        "purpose": "Grass, leaves, prunings and flowers",
        "who_may": "Homes with a garden waste subscription for each bin.",
        "group": "garden",
        "most_held": 4,
        "most_ordered": 2,
        "fee_code": "garden-240",
        "reasons": _NO_EXCHANGE,
    },
    "caddy-liners": {
        "name": "Food caddy liners, a roll",
        "stream": "food",
        "description": "Roll of caddy liners",
        "purpose": "Keeps the kitchen caddy clean; the liners rot with the food",
        "group": "liners",
        "is_emptied": False,
        "handover": Handover.COLLECTED,
        "collect_at": _LIBRARIES,
    },
    "recycling-sacks": {
        "name": "Recycling sacks, a pack",
        "stream": "recycling",
        "description": "Pack of clear recycling sacks",
        "purpose": "For homes without room for a bin or a box",
        "who_may": "Homes that put out sacks.",
        "group": "sacks",
        "is_emptied": False,
        "handover": Handover.COLLECTED,
        "collect_at": _LIBRARIES,
    },
}


def ensure_kinds() -> str:
    for position, (code, facts) in enumerate(_KINDS.items(), start=1):
        ContainerKind.objects.get_or_create(
            code=code, defaults={"offered_from": _FROM, "position": position * 10, **facts}
        )
    return f"{ContainerKind.objects.count()} kinds of container"
