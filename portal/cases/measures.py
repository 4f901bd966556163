"""How the back offices stand, as Prometheus reads it: docs/operators/metrics.md. The label is the short name of one."""

import datetime as dt
from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from portal.cases.selectors.offices import Standing, standings

_GAUGES: list[tuple[str, str, Callable[[Standing, dt.datetime], float | None]]] = [
    ("waiting", "Deliveries that wait", lambda one, now: one.waiting),
    ("oldest_seconds", "How long the oldest has waited", lambda one, now: _since(one.oldest_at, now) or 0),
    (
        "failing_seconds",
        "How long the oldest that failed has waited",
        lambda one, now: _since(one.failing_at, now) or 0,
    ),
    ("given_up", "Deliveries that somebody must decide about", lambda one, now: one.given_up),
    ("success_age_seconds", "Since it last took something", lambda one, now: _since(one.answered_at, now)),
    ("held", "1: staff hold back what it is told", lambda one, now: one.pause is not None),
    ("held_seconds", "How long it has been held", lambda one, now: _since(one.held_at, now) or 0),
    ("in_use", "0: it is no longer used, nothing is noted for it", lambda one, now: one.office.is_active),
]


def measure_offices(now: dt.datetime) -> Iterator[Metric]:
    """What has no value, such as the last success of an office that never took anything, is left out."""
    found = standings()
    for name, what, value_of in _GAUGES:
        family = GaugeMetricFamily(f"portal_back_office_{name}", what, labels=["office"])
        for standing in found:
            value = value_of(standing, now)
            if value is not None:
                family.add_metric([standing.office.slug], float(value))
        yield family


def _since(moment: dt.datetime | None, now: dt.datetime) -> float | None:
    return max(0.0, (now - moment).total_seconds()) if moment else None
