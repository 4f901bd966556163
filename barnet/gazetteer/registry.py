"""Higher rooms that keep something derived from areas say here how to work it out again.

    on_areas_changed("wards of cases", recompute_wards)      # in AppConfig.ready()

The function is called inside the transaction of every change of areas and returns how many rows changed; the operator
who imported the areas is told.

What refers to an address that somebody typed says here how to take the one that staff found for it.

    on_address_settled("customer", take_settled_address)

It is called with the rest of `about` ("12" of "customer:12"), the typed text and the address, inside the transaction of
the decision, and returns how many rows now refer to the address.
"""

from collections.abc import Callable

from barnet.gazetteer.models import Address

Recompute = Callable[[], int]
TakeAddress = Callable[[str, str, Address], int]

_recomputes: dict[str, Recompute] = {}


def on_areas_changed(name: str, function: Recompute) -> None:
    if name in _recomputes:
        raise ValueError(f"Someone already listens to changed areas as {name!r}.")
    _recomputes[name] = function


def areas_changed() -> dict[str, int]:
    """Tell everyone who listens; how many rows changed, by name."""
    return {name: function() for name, function in _recomputes.items()}


_takers: dict[str, TakeAddress] = {}


def on_address_settled(kind: str, function: TakeAddress) -> None:
    if kind in _takers:
        raise ValueError(f"Someone already takes settled addresses of {kind!r}.")
    _takers[kind] = function


def address_settled(about: str, typed: str, address: Address) -> int:
    """Nobody is told of a kind that nobody takes: the report alone remembers it."""
    kind, _colon, what = about.partition(":")
    return _takers[kind](what, typed, address) if kind in _takers else 0
