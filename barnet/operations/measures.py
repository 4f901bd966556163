"""What other rooms add to /metrics: each registers its measures from `AppConfig.ready()`.

    measures.register("cases: back offices", measure)

`measure(now)` yields metrics in a fixed number of statements. Labels say which thing of ours is meant, never who a
person is: whoever watches the machines reads them. A second registration of a name is refused.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import ImproperlyConfigured
from prometheus_client.core import Metric

Measure = Callable[[dt.datetime], Iterable[Metric]]

_measures: dict[str, Measure] = {}


def register(name: str, measure: Measure) -> None:
    if name in _measures:
        raise ImproperlyConfigured(f"Two rooms measure as {name!r}.")
    _measures[name] = measure


def measured(now: dt.datetime) -> Iterator[Metric]:
    for name in sorted(_measures):
        yield from _measures[name](now)
