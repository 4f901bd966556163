"""The promised speeds, measured: `make bench`, or `make bench ARGS="addresses"` for one room.

A module here has `run(print_row)`. It lays the rows that it needs, once, into the bench's own database, measures with
`measure`, and prints a row for each promise: `print_row("address search", measure(search, arguments), Promise(50))`.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Promise:
    """What a row must keep. None: nothing is promised."""

    p95_ms: float | None = None
    queries: int | None = None
    cpu_ms: float | None = None
    peak_mb: float | None = None


@dataclass(frozen=True)
class Measured:
    milliseconds: list[float]
    cpu_ms: float  # of this process, the mean of the calls: what a server has to spend on each
    queries: int  # the most that one call made
    peak_mb: float = 0  # resident memory of a process of its own, where there was one

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return sorted(self.milliseconds)[max(0, round(len(self.milliseconds) * 0.95) - 1)]

    def breaks(self, promise: Promise) -> bool:
        pairs = [(self.p95, promise.p95_ms), (self.queries, promise.queries), (self.cpu_ms, promise.cpu_ms)]
        pairs.append((self.peak_mb, promise.peak_mb))
        return any(limit is not None and measured > limit for measured, limit in pairs)


class PrintRow(Protocol):
    def __call__(self, what: str, measured: Measured, promise: Promise | None = None) -> None: ...


def measure(function: Callable[..., Any], arguments: Iterable[Any], *, warm_up: int = 5) -> Measured:
    """Call the function once with each argument. Some calls before count the queries and warm up."""
    arguments = list(arguments)
    queries = 0
    for argument in arguments[: max(warm_up, 1)]:
        with CaptureQueriesContext(connection) as captured:
            function(argument)
        queries = max(queries, len(captured))
    gc.collect()
    gc.freeze()  # as `ops/gunicorn_conf.py` has it
    cpu = time.process_time()
    milliseconds = [_milliseconds(function, argument) for argument in arguments]
    return Measured(milliseconds, (time.process_time() - cpu) * 1000 / len(arguments), queries)


def _milliseconds(function: Callable[..., Any], argument: Any) -> float:
    start = time.perf_counter()
    function(argument)
    return (time.perf_counter() - start) * 1000
