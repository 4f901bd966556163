"""Higher rooms that keep something derived from areas say here how to work it out again.

    on_areas_changed("wards of cases", recompute_wards)      # in AppConfig.ready()

The function is called inside the transaction of every change of areas and returns how many rows changed; the operator
who imported the areas is told.
"""

from collections.abc import Callable

Recompute = Callable[[], int]

_recomputes: dict[str, Recompute] = {}


def on_areas_changed(name: str, function: Recompute) -> None:
    if name in _recomputes:
        raise ValueError(f"Someone already listens to changed areas as {name!r}.")
    _recomputes[name] = function


def areas_changed() -> dict[str, int]:
    """Tell everyone who listens; how many rows changed, by name."""
    return {name: function() for name, function in _recomputes.items()}
