"""Keeps one cluster of django-q2 alive.

The cluster runs in a process group of its own. It is alive while it finishes tasks: when it has not finished one for
`stale_after` seconds, although the supervisor sends a canary every `canary_every`, the whole group is killed and a new
cluster started. That also heals what the library cannot see: a worker that died with a lock in its hand.

- A cluster that ends is started again, later and later when it ends at once.
- A database that is away is no reason to kill: the clock starts anew when it is back.
- On SIGTERM the cluster finishes its running tasks, and is killed after `grace` seconds.
- The supervisor holds one end of a pipe. When it dies, whatever the reason, the cluster reads the end of the pipe,
  stops, and kills its own group if stopping takes too long: no orphan stays behind.

Several supervisors, on one machine or many, may serve one database. Each has a name and watches its own pulse.
"""

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import FrameType

import structlog
from django.conf import settings
from django.db import Error as DatabaseAwayError
from django.db import close_old_connections, connection

from barnet.notifications import chores, heartbeat
from barnet.notifications.sweeper import sweep

AT_ONCE = dt.timedelta(0)

log = structlog.get_logger("barnet.worker")


@dataclass(frozen=True)
class Limits:
    """All in seconds."""

    canary_every: float = 30
    canary_again: float = 3  # while one is overdue: another worker of the same queue may have taken the last
    stale_after: float = 90
    start_within: float = 90  # until the first finished task
    sweep_every: float = 5
    look_every: float = 0.25
    grace: float = 75  # longer than the longest task (Q_CLUSTER["timeout"])
    first_pause: float = 1  # before a cluster that ended at once is started again; doubles up to longest_pause
    longest_pause: float = 60
    lived_well: float = 30


class Supervisor:
    def __init__(self, *, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.is_stopping = False
        self.cluster: Cluster | None = None
        self._pause = limits.first_pause
        self._start_at = 0.0
        self._sweep_at = 0.0
        self._canary_at = 0.0
        self._beat: object = None
        self._alive_at = 0.0  # by our own clock: when the pulse last moved
        self._look_at = 0.0
        self._patience = limits.start_within
        self._has_buried = False  # since the last sweep: the tasks that the cluster held are lost

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        log.info("worker supervised", name=self.name, pid=os.getpid())
        while not self.is_stopping:
            self.look()
            time.sleep(self.limits.look_every)
        if self.cluster:
            self.cluster.stop(grace=self.limits.grace)
        log.info("worker stopped", name=self.name)

    def look(self) -> None:
        now = time.monotonic()
        if self.cluster and self.cluster.has_ended():
            self._bury("cluster ended")
        elif self.cluster and now - self._alive_at > self._patience:
            self._bury("cluster silent")
        if self.cluster is None and now >= self._start_at:
            self._start()
        if now >= self._look_at:
            self._look_at = now + min(1, self.limits.canary_every)
            self._with_database()

    def _with_database(self) -> None:
        try:
            close_old_connections()
            self._feel_pulse()
            self._send_canary()
            self._sweep()
        except DatabaseAwayError as error:
            log.warning("database away", error=str(error))
            connection.close()
            self._alive_at = time.monotonic()
        except Exception:
            log.exception("supervisor could not look")  # it goes on: without it nobody restarts the cluster

    def _feel_pulse(self) -> None:
        beat = heartbeat.last_beat(self.name)
        if beat != self._beat:
            self._beat, self._alive_at = beat, time.monotonic()
            self._patience = self.limits.stale_after
            self._canary_at = self._alive_at + self.limits.canary_every

    def _send_canary(self) -> None:
        if self.cluster and time.monotonic() >= self._canary_at:
            self._canary_at = time.monotonic() + min(self.limits.canary_again, self.limits.canary_every)
            heartbeat.send_canary()

    def _sweep(self) -> None:
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + self.limits.sweep_every
            found = sweep(lost_after=AT_ONCE) if self._has_buried else sweep()
            self._has_buried = False
            if found:
                log.info("messages enqueued again", count=found)
            chores.do_all()

    def _start(self) -> None:
        self.cluster = Cluster(self.name)
        self._alive_at = time.monotonic()
        self._patience = self.limits.start_within
        self._canary_at = 0.0
        log.info("cluster started", name=self.name, pid=self.cluster.pid)

    def _bury(self, why: str) -> None:
        assert self.cluster is not None
        lived = time.monotonic() - self.cluster.started_at
        self._pause = self.limits.first_pause if lived >= self.limits.lived_well else self._pause
        log.error(why, name=self.name, lived_seconds=round(lived), again_in_seconds=self._pause)
        self.cluster.kill()
        self.cluster = None
        self._has_buried = True
        self._start_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, self.limits.longest_pause)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.is_stopping = True


class Cluster:
    """The cluster as its supervisor sees it: a process, and the group that it leads."""

    def __init__(self, name: str) -> None:
        read_end, self._our_end = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", f"--cluster={read_end}"],
            env=os.environ | {heartbeat.NAME_VARIABLE: name},
            start_new_session=True,
            pass_fds=[read_end],
        )
        os.close(read_end)
        self.pid = self._process.pid
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        """Looks without reaping: while the leader is not reaped, its group number belongs to nobody else."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def stop(self, *, grace: float) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)  # the leader only: it stops the others in order
        until = time.monotonic() + grace
        while not self.has_ended() and time.monotonic() < until:
            time.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._our_end)
