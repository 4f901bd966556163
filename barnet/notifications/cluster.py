"""The cluster of django-q2, in the process that the supervisor started for it."""

import os
import signal
import threading
import time

import structlog
from django_q.cluster import Cluster
from django_q.signals import post_execute_in_worker

from barnet.notifications.heartbeat import beat_after_task

GRACE_WITHOUT_SUPERVISOR = 10  # seconds

log = structlog.get_logger("barnet.worker")


def run_cluster(supervisor_pipe: int) -> None:
    """Returns when the cluster was stopped. `supervisor_pipe` ends when the supervisor does."""
    os.set_inheritable(supervisor_pipe, False)
    post_execute_in_worker.connect(beat_after_task, dispatch_uid="pulse")
    cluster = Cluster()
    cluster.start()
    # After the fork: a thread that exists before it would be missing in the children, its locks would not.
    threading.Thread(target=_end_with_supervisor, args=[supervisor_pipe], daemon=True).start()
    while cluster.sentinel.is_alive():
        cluster.sentinel.join(timeout=1)


def _end_with_supervisor(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: this returns at the end of the pipe
    log.error("supervisor gone, cluster ends")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_WITHOUT_SUPERVISOR)
    os.killpg(os.getpgrp(), signal.SIGKILL)
