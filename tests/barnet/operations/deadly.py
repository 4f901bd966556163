"""Tasks for workers that tests start."""

import os
import signal


def die() -> None:
    """As when the kernel takes back the memory of a process that wants too much."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("asha@example.com is not there")
