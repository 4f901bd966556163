"""The things that the search begins with. What staff changed, renamed or deleted stays as they left it."""

import csv
from functools import cache
from pathlib import Path

from django.utils.text import slugify

from portal.waste.models import WasteItem
from portal.waste.sorting.enums import Destination

ITEMS = Path(__file__).parent / "items.csv"


@cache
def first_items() -> tuple[dict[str, str], ...]:
    """Raises ValueError for a line that names no destination of ours."""
    with ITEMS.open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file, delimiter="|"))
    for row in rows:
        Destination(row["goes to"])
    return rows


def ensure_items() -> str:
    """Laid once, all together: an item that staff deleted does not come back."""
    if WasteItem.objects.exists():
        return "things to throw away are there"
    laid = WasteItem.objects.bulk_create(
        WasteItem(
            slug=slugify(row["name"]),
            name=row["name"],
            other_words=row["other words"],
            goes_to=row["goes to"],
            prepare=row["prepare"],
            warning=row["warning"],
        )
        for row in first_items()
    )
    return f"{len(laid)} things to throw away"
