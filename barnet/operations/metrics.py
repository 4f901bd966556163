"""What an alarm needs to know, as Prometheus reads it.

It is read from the database when it is asked, so that every web process gives the same answer. Counts of requests come
beside it, from django-prometheus, when PROMETHEUS_MULTIPROC_DIR is set.
"""

import datetime as dt
import os
from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from barnet.kit import health
from barnet.notifications.enums import MessageState
from barnet.notifications.models import Message, Pulse
from barnet.operations import measures, selectors
from barnet.operations.enums import RunState


class PortalCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield from _outbox(now)
        yield from _tasks(now)
        yield from _workers(now)
        yield from _jobs(now)
        yield _parts()
        yield from measures.measured(now)


def page() -> bytes:
    registry = CollectorRegistry()
    registry.register(PortalCollector())
    answer = generate_latest(registry)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)
        answer += generate_latest(requests)
    return answer


def _outbox(now: dt.datetime) -> Iterator[Metric]:
    due = Message.objects.filter(state=MessageState.QUEUED, due_at__lte=now)
    found = due.aggregate(count=Count("pk"), oldest=Min("due_at"))
    yield _gauge("portal_outbox_due", "Messages whose time has come", found["count"])
    yield _gauge("portal_outbox_oldest_seconds", "How long the oldest has been due", _since(found["oldest"], now))
    parked = Message.objects.filter(state=MessageState.PARKED).count()
    yield _gauge("portal_messages_given_up", "Messages in the list at /staff/messages/", parked)


def _tasks(now: dt.datetime) -> Iterator[Metric]:
    queue = selectors.queue_length()
    yield _gauge("portal_queue_length", f"Tasks that wait, counted up to {selectors.CAP}", queue.waiting)
    yield _gauge("portal_queue_oldest_seconds", "How long the oldest task has waited", _since(queue.oldest_at, now))
    yield _gauge("portal_tasks_given_up", "Tasks in the list at /staff/tasks/", selectors.given_up().count())
    yield _gauge("portal_tasks_stuck", "Tasks whose worker died with them", selectors.stuck().count())


def _workers(now: dt.datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("portal_worker_silent_seconds", "Since it last finished a task", labels=["worker"])
    for pulse in Pulse.objects.filter(beat_at__gte=now - selectors.FORGET_WORKERS)[: selectors.SHOWN]:
        family.add_metric([pulse.name], _since(pulse.beat_at, now))
    yield family


def _jobs(now: dt.datetime) -> Iterator[Metric]:
    """0 when the latest due moment was run: an alarm on an hour's lag is one rule for all jobs."""
    lag = GaugeMetricFamily("portal_periodic_lag_seconds", "Since a moment that was due and not done", labels=["job"])
    failed = GaugeMetricFamily("portal_periodic_given_up", "1: the latest run was given up", labels=["job"])
    for state in selectors.job_states(now):
        run = state.latest
        is_late = bool(run and run.state in {RunState.WAITING, RunState.RUNNING, RunState.FAILED})
        lag.add_metric([state.job.name], _since(run.due_at, now) if run and is_late else 0)
        failed.add_metric([state.job.name], float(bool(run and run.state == RunState.FAILED)))
    yield lag
    yield failed


def _parts() -> Metric:
    family = GaugeMetricFamily("portal_ready", "1: this part is ready, as at /health/ready", labels=["part"])
    for finding in health.findings():
        family.add_metric([finding.name], float(finding.is_ok))
    return family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _since(moment: dt.datetime | None, now: dt.datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
