"""A private Redis for tests and for measuring: in memory, on a free port of 127.0.0.1, gone with its parent.

Debian's package `redis-tools` has the server's program under another name (`redis-server` is a link to it) and starts
no service, so that is the one that `make` installs.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

PACKAGE = "redis-tools"
MISSING = f"Redis is missing: sudo apt-get install {PACKAGE}"


def find_redis() -> str:
    found = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if found is None:
        raise FileNotFoundError(MISSING)
    return found


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """The address of a Redis that nobody else uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    # The program looks at the name under which it is called.
    process = subprocess.Popen(["redis-server", *options], executable=find_redis(), cwd="/")
    try:
        wait_until_open(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def wait_until_open(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("Redis did not open its port in ten seconds.")
