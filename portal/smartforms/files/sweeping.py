"""Files of forms that no answer knows, deleted each night."""

from barnet.kit.files import sweeping
from barnet.kit.files.sweeping import Leftovers, Shelf

SHELF = Shelf("smartforms.FormFile", "forms")


def leftovers() -> Leftovers:
    return sweeping.leftovers(SHELF)


def sweep(*, sure: bool = False) -> list[str]:
    """The names that were deleted. Raises OtherDatabaseError and deletes nothing."""
    return sweeping.sweep(SHELF, sure=sure)


def sweep_nightly() -> str:
    return f"{len(sweep())} deleted"
