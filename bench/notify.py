"""Messages queued, and sent by two real worker processes through a simulator of GOV.UK Notify: none lost, none doubled.

    make bench ARGS="notify"                             # 2,000 messages
    BENCH_MESSAGES=100000 make bench ARGS="notify"

The workers are `manage.py worker` with the limits of production, and a web process takes the receipts. The simulator is
a process of its own that fails, delays and doubles (`MOODS`). When a third is sent, one worker is killed, its
supervisor and its cluster at once (-9), and started again.

What is asserted is read from the simulator's own record: every reference of ours is there, and was taken once. The
limit of the provider is lifted, so that ours is measured.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django_q.models import OrmQ

from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Attempt, Message, Pulse, Throttle
from barnet.notifications.services import Telling, queue_messages
from bench import Measured, PrintRow

COUNT = int(os.environ.get("BENCH_MESSAGES", "2000"))
IN_ONE_TRANSACTION = 1000
NAMES = ["bench one", "bench two"]
LONGEST = 8 * 3600.0  # seconds
MOODS = {
    "error": 0.005,
    "drop": 0.002,
    "slow": 0.01,
    "late": 0.0003,
    "stuck": 0.0002,
    "too_many": 0.0002,
    "patience": 20,  # seconds: longer than our client waits
    "callback": 0.05,  # of so many we are told
    "callback_twice": 0.3,
    "callback_backwards": 0.3,
}
FIELDS = {"council": "Barnet Council", "asked_at": "23 November 2026, 4:05pm"}


def run(print_row: PrintRow) -> None:
    _clear()
    with contextlib.ExitStack() as stack:
        log = settings.BASE_DIR / ".local" / "bench-notify"
        log.mkdir(parents=True, exist_ok=True)
        web, port = f"http://127.0.0.1:{_free_port()}", _free_port()
        environment = _environment(f"http://127.0.0.1:{port}")
        stack.enter_context(_running(_simulator(port, web), os.environ, log / "simulator.log"))
        _wait(lambda: _answers(port), "the simulator")
        stack.enter_context(_running(_gunicorn(web), environment, log / "web.log"))
        _wait(lambda: _answers(int(web.rpartition(":")[2])), "the web process")
        started = time.monotonic()
        _queue(environment)
        seconds = time.monotonic() - started
        print_row(f"queue {COUNT} messages ({COUNT / seconds:.0f}/s)", _measured(seconds))
        started = time.monotonic()
        workers = [stack.enter_context(_Worker(name, environment, log)) for name in NAMES]
        _wait(lambda: _left() <= COUNT * 2 / 3, "a third of the messages")
        workers[0].kill()
        print(f"  killed {workers[0].name} with {_left()} to go", file=sys.stderr, flush=True)
        workers[0].start()
        _wait(lambda: _left() == 0 and not _under_way(), "the end")
        seconds = time.monotonic() - started
        print_row(f"send {COUNT} through Notify ({COUNT / seconds:.0f}/s)", _measured(seconds))
        for worker in workers:
            worker.stop()
        record = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/_record"))
        counts = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/_counts"))
    _report(record, counts)
    _clear()


def _report(record: Mapping[str, list[float]], counts: Mapping[str, Mapping[str, int]]) -> None:
    ours = dict(Message.objects.values_list("provider_reference", "created_at"))
    states = Counter(Message.objects.values_list("state", flat=True))
    outcomes = Counter(Attempt.objects.values_list("outcome", flat=True))
    times = Counter(len(taken) for taken in record.values())
    lost, unknown = ours.keys() - record.keys(), record.keys() - ours.keys()
    waits = sorted(min(record[name]) - at.timestamp() for name, at in ours.items() if name in record)
    shares = {share: waits[max(0, round(len(waits) * share / 100) - 1)] for share in (50, 95, 99, 100)}
    print("queued to taken, seconds: " + ", ".join(f"p{share} {seconds:.1f}" for share, seconds in shares.items()))
    print(f"faults and delays of the simulator: {dict(counts['happened'])}")
    print(f"messages by state: {dict(states)}; attempts: {dict(outcomes)}; workers seen: {_takers()} connections")
    print(f"taken by the simulator, how often each reference: {dict(times)}; lost {len(lost)}, unknown {len(unknown)}")
    if lost or unknown or times != {1: COUNT} or states != {MessageState.SENT: COUNT}:
        sys.exit("Lost or doubled.")


def _takers() -> int:
    return Attempt.objects.order_by().values("taker").distinct().count()


# --- Queueing ---------------------------------------------------------------------------------------------------------


def _queue(environment: Mapping[str, str]) -> None:
    """In a process of its own, as the portal does: with the settings of Notify. Its transactions hold 1,000 each."""
    program = "import django; django.setup(); from bench.notify import queue; queue()"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=settings.BASE_DIR, env=environment)


def queue() -> None:
    for start in range(0, COUNT, IN_ONE_TRANSACTION):
        with transaction.atomic():
            queue_messages(
                "test-message",
                [
                    Telling(key=f"bench:{number:06}", email=f"p{number}@example.com", fields=FIELDS)
                    for number in range(start, min(start + IN_ONE_TRANSACTION, COUNT))
                ],
            )


# --- Processes --------------------------------------------------------------------------------------------------------


class _Worker:
    """`manage.py worker`, which can be killed with everything that it started."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path) -> None:
        self.name, self._environment = name, environment
        self._log = log / f"{name.replace(' ', '-')}.log"

    def __enter__(self) -> "_Worker":
        self.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.kill()

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "worker", f"--name={self.name}"],
                cwd=settings.BASE_DIR,
                env=dict(self._environment),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        groups = self._clusters()
        self._process.kill()
        for leader in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=120)

    def _clusters(self) -> list[int]:
        """Its children lead a process group each."""
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
            return [int(pid) for pid in children.split()]
        return []


@contextlib.contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _simulator(port: int, web: str) -> list[str]:
    program = ["-m", "tests.barnet.notifications.notify.simulating", str(port), json.dumps(MOODS)]
    return [sys.executable, *program, f"{web}/notifications/notify/callback/"]


def _gunicorn(web: str) -> list[str]:
    options = [f"--bind={web.removeprefix('http://')}", "--worker-class=gthread", "--threads=2", "--log-level=warning"]
    return [sys.executable, "-m", "gunicorn", "barnet.wsgi", *options]


def _environment(url: str) -> dict[str, str]:
    from tests.barnet.notifications.notify.simulating import environment

    return os.environ | environment(url) | {
        "DJANGO_SETTINGS_MODULE": "tests.barnet.notifications.worker_settings",
        "WORKER_DATABASE": connection.settings_dict["NAME"],
        "BENCH_MESSAGES": str(COUNT),
        "LOG_LEVEL": "WARNING",
    }  # fmt: skip


# --- Waiting ----------------------------------------------------------------------------------------------------------


def _left() -> int:
    return Message.objects.filter(state=MessageState.QUEUED).count()


def _under_way() -> bool:
    return Attempt.objects.filter(outcome=AttemptOutcome.STARTED).exists()


def _wait(is_so: Callable[[], bool], what: str) -> None:
    until, say_at = time.monotonic() + LONGEST, time.monotonic() + 30
    while not is_so():
        if time.monotonic() > until:
            sys.exit(f"Waited {LONGEST:.0f} seconds for {what}.")
        if time.monotonic() > say_at:
            say_at = time.monotonic() + 30
            print(f"  waiting for {what}: {_left()} to go", file=sys.stderr, flush=True)
        time.sleep(0.5)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _measured(seconds: float) -> Measured:
    return Measured([1000 * seconds / COUNT], 0, 0)


def _clear() -> None:
    for model in (Attempt, Message, OrmQ, Throttle, Pulse):
        model.objects.all().delete()
