"""Real `manage.py worker` processes with short limits, on the test's database."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from barnet.notifications.models import Pulse
from tests.waiting import wait_for

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.barnet.notifications.worker_settings",
    "PORTAL_MODE": "development",
    "MAIL_TRANSPORT": "mailbox",
    "LOG_JSON": "1",
}
NEVER = 3600
STALE_AFTER = 5  # a busy machine may be slower: a worker that shall not be replaced has NEVER
LIMITS = ["--canary-every=1", "--grace=120"]


class Worker:
    def __init__(self, name: str, log: Path, limits: list[str], environment: Mapping[str, str]) -> None:
        self.name, self._log = name, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", f"--name={name}", *LIMITS, *limits],
                env=os.environ
                | ENVIRONMENT
                | {"WORKER_DATABASE": connection.settings_dict["NAME"]}
                | dict(environment),
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
        wait_for(lambda: self.beats() != before, f"a pulse of {self.name}")


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

    def start(name: str, *, stale_after: float = NEVER, sweep_every: float = 0.5, **environment: str) -> Worker:
        limits = [f"--stale-after={stale_after}", f"--sweep-every={sweep_every}"]
        started.append(Worker(name, tmp_path / f"{name}.log", limits, environment))
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()
        for leader in worker.clusters():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader, signal.SIGKILL)
            wait_for(lambda leader=leader: group(leader) == [], "the cluster's end")
