"""Two real web processes count their requests; `/metrics` tells of both, whichever answers, and after one has ended."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from tests.barnet.notifications.workers import ENVIRONMENT
from tests.waiting import LONG, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]

TOKEN = "a-token-of-thirty-characters-x"
COUNTED = "django_http_requests_total_by_view_transport_method_total"


class Website:
    def __init__(self, port: int, master: subprocess.Popen) -> None:
        self.port, self.master = port, master

    def ask(self, path: str) -> tuple[int, str]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        try:
            asked.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
        finally:
            asked.close()

    def answers(self) -> bool:
        try:
            return self.ask("/health/live")[0] == 200
        except OSError:
            return False

    def processes(self) -> list[int]:
        return children_of(self.master.pid)

    def counted(self, view: str) -> float:
        status, page = self.ask("/metrics")
        assert status == 200
        families = text_string_to_metric_families(page)
        samples = [sample for family in families for sample in family.samples if sample.name == COUNTED]
        return sum(sample.value for sample in samples if sample.labels["view"] == view)


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(child) for child in children.read().split()]


@contextlib.contextmanager
def website(folder) -> Iterator[Website]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "barnet.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2",
         "--config=ops/gunicorn_conf.py"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | ENVIRONMENT
        | {
            "WORKER_DATABASE": connection.settings_dict["NAME"],
            "METRICS_TOKEN": TOKEN,
            "PROMETHEUS_MULTIPROC_DIR": str(folder),
        },
    )  # fmt: skip
    try:
        site = Website(port, process)
        wait_for(site.answers, "the website")
        yield site
    finally:
        process.terminate()
        process.wait(timeout=LONG)


def writers(folder) -> Counter:
    """How many files each process counts into; its id ends their names."""
    return Counter(int(file.stem.rsplit("_", 1)[1]) for file in folder.glob("counter_*.db"))


def test_both_processes_tell_the_same_of_the_requests_of_both(tmp_path):
    folder = tmp_path / "metrics"
    with website(folder) as site:
        sent = 0

        def both_have_counted() -> bool:
            nonlocal sent
            sent += 1
            assert site.ask("/health/ready")[0] in {200, 503}
            return len(writers(folder)) >= 2

        view = "health_ready"
        wait_for(both_have_counted, "both processes to count")
        for _either in range(6):  # whichever of the two is asked
            assert site.counted(view) == sent

        first, second = site.processes()
        assert {first, second} == set(writers(folder))
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: first not in site.processes() and len(site.processes()) == 2, "another process")
        wait_for(site.answers, "the website")
        for _either in range(6):
            assert site.counted(view) == sent  # what the dead one counted was counted
