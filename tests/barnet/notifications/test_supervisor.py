"""The real `manage.py worker`, with short limits: killed, stopped and starved, it goes on by itself."""

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from barnet.notifications.enums import MessageState
from barnet.notifications.models import MailboxMail, Message, Pulse
from barnet.notifications.services import queue_message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.barnet.notifications.worker_settings",
    "PORTAL_MODE": "development",
    "MAIL_TRANSPORT": "mailbox",
    "LOG_JSON": "1",
}
STALE_AFTER = 5
LIMITS = ["--canary-every=1", f"--stale-after={STALE_AFTER}", "--sweep-every=0.5", "--grace=15"]


class Worker:
    def __init__(self, name: str, log: Path) -> None:
        self.name, self._log = name, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", f"--name={name}", *LIMITS],
                env=os.environ | ENVIRONMENT | {"WORKER_DATABASE": connection.settings_dict["NAME"]},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [line for line in self._log.read_text().splitlines() if line.startswith("{")]
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def clusters(self) -> list[int]:
        """The process groups that it started, the present one last."""
        return [event["pid"] for event in self.events("cluster started")]

    def beats(self) -> object:
        return Pulse.objects.filter(name=self.name).values_list("beat_at", flat=True).first()

    def wait_until_alive(self) -> None:
        before = self.beats()
        wait_for(lambda: self.beats() != before, f"a pulse of {self.name}", seconds=40)


def wait_for(is_true: Callable[[], object], what: str, *, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            pytest.fail(f"{seconds} seconds were not enough for {what}.")
        time.sleep(0.05)


def group(leader: int) -> list[int]:
    """The living processes of a group, children of the leader first to last."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, _parent, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(its_group) == leader and state != "Z":
                    members.append(int(entry.name))
    return sorted(members)


@pytest.fixture
def start(tmp_path, transactional_db) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(name: str) -> Worker:
        started.append(Worker(name, tmp_path / f"{name}.log"))
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()
        for leader in worker.clusters():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader, signal.SIGKILL)
            wait_for(lambda leader=leader: group(leader) == [], "the cluster's end")


@pytest.fixture
def send(kind, fields):
    def send(key: str) -> Message:
        return queue_message(kind.key, key=key, email="asha@example.com", fields=fields)[0]

    return send


def is_sent(message: Message) -> bool:
    message.refresh_from_db()
    return message.state == MessageState.SENT


def test_clusters_that_fall_silent_are_replaced_and_none_outlives_its_supervisor(start, send):
    """One loses its idle workers, one is stopped whole: neither ends, and neither works. Both heal at the same time."""
    wounded, frozen = start("wounded"), start("frozen")
    for worker in (wounded, frozen):
        worker.wait_until_alive()
    first = {worker: worker.clusters()[-1] for worker in (wounded, frozen)}
    _leader, _sentinel, *children = group(first[wounded])
    for child in children:
        os.kill(child, signal.SIGKILL)
    os.killpg(first[frozen], signal.SIGSTOP)
    message = send("while nobody works")

    wait_for(lambda: len(frozen.clusters()) > 1, "a new cluster", seconds=STALE_AFTER + 10)
    for worker in (wounded, frozen):
        worker.wait_until_alive()
    wait_for(lambda: is_sent(message), "the message")
    assert group(first[frozen]) == []
    assert MailboxMail.objects.count() == 1

    # Nobody outlives a supervisor either, however it ends.
    cluster = frozen.clusters()[-1]
    frozen.process.kill()
    wait_for(lambda: group(cluster) == [], "the orphans' end")


def test_a_cluster_that_ends_is_started_again_and_stops_in_order(start, send):
    worker = start("ended")
    worker.wait_until_alive()
    [first] = worker.clusters()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(worker.clusters()) == 2, "a new cluster")
    worker.wait_until_alive()
    assert group(first) == []

    message = send("when idle")
    wait_for(lambda: is_sent(message), "the message", seconds=5)
    assert (message.sent_at - message.created_at).total_seconds() < 5

    task_id = async_task("time.sleep", 2)
    [task] = [queued.pk for queued in OrmQ.objects.all() if queued.task_id() == task_id]
    taken = OrmQ.objects.filter(pk=task, lock__gt=timezone.now() + dt.timedelta(seconds=5))  # locked for its taker
    wait_for(taken.exists, "the task to be taken")
    time.sleep(0.5)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(timeout=20) == 0
    assert not OrmQ.objects.filter(pk=task).exists()  # the running task was finished and acknowledged
    assert group(worker.clusters()[-1]) == []
