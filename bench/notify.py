"""Messages queued and sent by two worker processes through a simulator of GOV.UK Notify: none lost, none doubled.

    make bench ARGS="notify"                             # 2,000 messages
    BENCH_MESSAGES=100000 make bench ARGS="notify"

The simulator is a process of its own that fails now and then: 1 in 200 gets a 500, 1 in 500 is taken and never
answered. The limit of the provider is lifted, so that ours is measured.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from barnet.notifications.delivery import deliver, interrupted_attempts
from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Attempt, Message, Throttle
from barnet.notifications.services import queue_message
from bench import Measured, PrintRow

COUNT = int(os.environ.get("BENCH_MESSAGES", "2000"))
WORKERS = 2
MOODS = {"error": 0.005, "drop": 0.002}
FIELDS = {"council": "Barnet Council", "asked_at": "23 November 2026, 4:05pm"}


def run(print_row: PrintRow) -> None:
    from tests.barnet.notifications.notify_simulator import use

    _clear()
    with _simulator() as url:
        use(settings, url)
        seconds = _timed(_queue)
        print_row(f"queue {COUNT} messages ({COUNT / seconds:.0f}/s)", _measured(seconds))
        seconds = _timed(_drain)
        print_row(f"send {COUNT} through Notify ({COUNT / seconds:.0f}/s)", _measured(seconds))
        counts = json.load(urllib.request.urlopen(f"{url}/_counts"))
    states = dict.fromkeys(MessageState.values, 0)
    for state in Message.objects.values_list("state", flat=True):
        states[state] += 1
    sent, copies = states[MessageState.SENT], counts["copies"]
    print(f"sent {sent} of {COUNT}; taken by the simulator, how often each: {copies}; faults {counts['happened']}")
    if sent != COUNT or copies != {"1": COUNT}:
        sys.exit("Lost or doubled.")
    _clear()


def _queue() -> None:
    for number in range(COUNT):
        queue_message("test-message", key=f"bench:{number}", email=f"p{number}@example.com", fields=FIELDS)
        if number % 10_000 == 9_999:
            print(f"  {number + 1} queued", file=sys.stderr, flush=True)


def _drain() -> None:
    connection.close()
    children = []
    for share in range(WORKERS):
        child = os.fork()
        if child == 0:
            _work(share)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _work(share: int) -> None:
    """Takes its half of what is due until nothing is left: waiting times are skipped when nothing else is to do."""
    until = time.monotonic() + 6 * 3600
    while time.monotonic() < until:
        queued = Message.objects.filter(state=MessageState.QUEUED)
        due = queued.filter(due_at__lte=timezone.now()).order_by("due_at" if share == 0 else "-due_at")
        ids = list(due.values_list("pk", flat=True)[:500])
        for pk in ids:
            deliver(str(pk))
        if share == 0 and ids:
            print(f"  {queued.count()} to go", file=sys.stderr, flush=True)
        if not ids and not queued.exists():
            return
        if not ids:
            for attempt in interrupted_attempts():
                deliver(str(attempt.message_id))
            started = Attempt.objects.filter(outcome=AttemptOutcome.STARTED).values("message")
            queued.exclude(pk__in=started).update(due_at=timezone.now())


@contextmanager
def _simulator() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.barnet.notifications.notify_simulator", str(port), json.dumps(MOODS)]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _timed(call: object) -> float:
    start = time.monotonic()
    call()  # type: ignore[operator]
    return time.monotonic() - start


def _measured(seconds: float) -> Measured:
    return Measured([1000 * seconds / COUNT], 0, 0)


def _clear() -> None:
    for model in (Attempt, Message, OrmQ, Throttle):
        model.objects.all().delete()
