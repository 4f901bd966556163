"""What we hold on a person, and why: every room that keeps something about people says so here.

A room registers from `AppConfig.ready()`. The page "What we hold and why" shows `rows`; the file that people download
has `everything`. A second registration of a key is refused. `barnet.customers.keeping.own_holdings` is the example.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from barnet.customers.models import Customer

Words = str | Promise
Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


@dataclass(frozen=True)
class Holding:
    """`rows(customer)`: (label, value) as the person reads them, in a fixed number of queries, and only theirs.

    `everything(customer)`: the data itself, in what JSON can hold. `how_long` is what the retention schedule promises.
    """

    key: str
    title: Words
    why: Words
    how_long: Words
    rows: Callable[[Customer], Sequence[tuple[Words, object]]]
    everything: Callable[[Customer], Json]
    order: int = 50


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    if holding.key in _holdings:
        raise ImproperlyConfigured(f"Two rooms say what they hold as {holding.key!r}.")
    _holdings[holding.key] = holding


def holdings() -> list[Holding]:
    return sorted(_holdings.values(), key=lambda holding: (holding.order, holding.key))
