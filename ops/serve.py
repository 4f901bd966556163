#!/usr/bin/env python3
"""What `make run` starts: everything installed, the demo borough loaded, then the website and its worker together.

It runs itself twice: first to check the port and to install, then (as `serve.py --inside`) with the database at hand.
If either the website or the worker ends, the other is stopped and this ends with an error, so that a service manager
can start both again. Ctrl-C and SIGTERM stop both, gracefully for up to 15 seconds.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

import install
from cluster import begin_child, end_with_parent

PYTHON = str(install.VENV_PYTHON)
HOST = "127.0.0.1"
GRACE = 15  # seconds


def main() -> int:
    try:
        port = read_port(os.environ.get("PORT", "8000"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if sys.argv[1:] == ["--inside"]:
        return inside(port)
    end_with_parent()
    if is_taken(port):
        print(f"Port {port} is taken by another program: choose another, as in `make run PORT=8001`.", file=sys.stderr)
        return 1
    return install.main() or enter_cluster()


def enter_cluster() -> NoReturn:
    cluster = str(install.ROOT / "ops" / "cluster.py")
    this = os.path.abspath(__file__)
    command = [sys.executable, cluster, "exec", "--end-with-parent", "--", sys.executable, this, "--inside"]
    os.execv(sys.executable, command)


def read_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValueError(f"PORT is {text!r}: it must be a number from 1 to 65535.")
    return int(text)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


# --- With the database at hand ----------------------------------------------------------------------------------------


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def request_stop(_number: int, _frame: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # once is enough: the rest is tidying up
    raise StopRequested


def inside(port: int) -> int:
    os.chdir(install.ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
    os.environ.setdefault("PORTAL_MODE", "development")
    os.environ.setdefault("PORT", str(port))
    os.environ.setdefault("SECRET_KEY", (install.LOCAL / "secret-key").read_text())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_stop)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        if begin([PYTHON, "-m", "ops.prepare"], processes).wait():
            return 1
        processes.clear()
        web = begin(website(port), processes)
        begin([PYTHON, "manage.py", "worker"], processes)
        if wait_until_answering(port, processes):
            announce(port)
        return watch(processes, web)
    except StopRequested:
        return 0
    finally:
        stop(processes)


def website(port: int) -> list[str]:
    workers = os.environ.get("WEB_CONCURRENCY", "2")
    return [
        *[PYTHON, "-m", "gunicorn", "--config=ops/gunicorn_conf.py", "barnet.wsgi", f"--bind={HOST}:{port}"],
        *[f"--workers={workers}", "--worker-class=gthread", "--threads=4"],
        *[f"--graceful-timeout={GRACE - 3}", "--log-level=warning"],
    ]


def begin(command: Sequence[str], processes: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """In a process group of its own: a terminal's Ctrl-C would make gunicorn drop the requests in hand."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=begin_child, process_group=0)
    processes.append(process)
    return process


def wait_until_answering(port: int, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
    for _ in range(300):
        if any(process.poll() is not None for process in processes):
            return False
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/health/live")
            connection.getresponse()
            return True
        time.sleep(0.2)
    return False


def announce(port: int) -> None:
    address = os.environ.get("BASE_URL") or f"http://{HOST}:{port}"
    print(f"\nThe portal is ready: {address}/", flush=True)
    print(f"  My Account   {address}/account/")
    print(f"  casework     {address}/staff/")
    print(f"  editing      {address}/staff/content/")
    print(f"  demo people  {address}/demo/")
    print("Ctrl-C stops it.", flush=True)


def watch(processes: Sequence[subprocess.Popen[bytes]], web: subprocess.Popen[bytes]) -> int:
    while True:
        for process in processes:
            code = process.poll()
            if code is not None:
                name = "website" if process is web else "worker"
                print(f"The {name} ended (exit code {code}): stopping.", file=sys.stderr)
                return 1
        time.sleep(0.5)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"Process {process.pid} did not stop in {GRACE} seconds: ending it.", file=sys.stderr)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and whatever it started and left
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
