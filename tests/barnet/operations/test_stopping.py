"""SIGTERM to the real gunicorn: the requests in hand are answered, then nobody is left to answer."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection

from tests.barnet.notifications.workers import ENVIRONMENT
from tests.waiting import LONG, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]


@pytest.fixture
def website(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.barnet.operations.slow_wsgi", f"--bind=127.0.0.1:{port}",
         "--workers=2", "--worker-class=gthread", "--threads=4", "--graceful-timeout=120",
         "--config=ops/gunicorn_conf.py"],
        cwd=settings.BASE_DIR,
        env=os.environ | ENVIRONMENT | {"WORKER_DATABASE": connection.settings_dict["NAME"], "BEGUN": str(tmp_path)},
        stderr=log.open("wb"),
    )  # fmt: skip
    wait_for(lambda: answers(port), "the website")
    yield process, port, log
    process.kill()
    process.wait()


def ask(port: int, path: str) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    finally:
        asked.close()


def answers(port: int) -> bool:
    try:
        return ask(port, "/health/live") == 200
    except OSError:
        return False


def test_requests_in_hand_are_finished_before_it_ends(website, tmp_path):
    process, port, log = website
    statuses = []
    visitors = [threading.Thread(target=lambda: statuses.append(ask(port, "/slow"))) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    wait_for(lambda: len(list(tmp_path.glob("begun-*"))) == 3, "the requests to begin")
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: "Handling signal: term" in log.read_text(), "the signal to arrive")
    assert statuses == []
    (tmp_path / "may end").touch()
    for visitor in visitors:
        visitor.join()
    assert statuses == [200, 200, 200]
    assert process.wait(timeout=LONG) == 0
    assert not answers(port)
