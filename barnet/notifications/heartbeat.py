"""How a worker shows that it is alive: by finishing tasks, if only the canary's."""

import contextlib
import datetime as dt
import os
import socket
import threading
import time
from collections.abc import Iterator

import structlog
from django.db import Error as DatabaseAwayError
from django.db import connection
from django.utils import timezone
from django_q.tasks import async_task

from barnet.notifications.models import Pulse

NAME_VARIABLE = "PORTAL_WORKER_NAME"  # set by the supervisor for its cluster

log = structlog.get_logger("barnet.worker")
_last_beat = 0.0


def send_canary() -> None:
    async_task("barnet.notifications.heartbeat.canary", task_name="canary")


def canary() -> None:
    """Does nothing: that it was finished is the news."""


def beat_after_task(**_kwargs: object) -> None:
    """Runs in the worker after every task, at most once a second. A pulse that cannot be written harms no task."""
    global _last_beat
    if time.monotonic() - _last_beat < 1:
        return
    try:
        Pulse.objects.update_or_create(name=worker_name(), defaults={"beat_at": timezone.now()})
        _last_beat = time.monotonic()
    except DatabaseAwayError:
        log.warning("pulse not written", exc_info=True)


@contextlib.contextmanager
def beating(*, every: float = 20) -> Iterator[None]:
    """Keeps the pulse going during a task that is meant to be long: only the work itself shows that it is alive.

    The task's own time limit ends it, so that a pulse without work is as short as that.
    """
    is_over = threading.Event()
    beat = threading.Thread(target=_beat_until, args=[is_over, every], daemon=True)
    beat.start()
    try:
        yield
    finally:
        is_over.set()
        beat.join(timeout=5)


def _beat_until(is_over: threading.Event, every: float) -> None:
    try:
        while not is_over.wait(every):
            beat_after_task()
    finally:
        connection.close()  # each thread has one of its own


def worker_name() -> str:
    return os.environ.get(NAME_VARIABLE) or socket.gethostname()


def last_beat(name: str) -> dt.datetime | None:
    return Pulse.objects.filter(name=name).values_list("beat_at", flat=True).first()
