"""Real workers: one process loads Django and forks as many as it is told, who send until they are killed.

python -m tests.portal.cases.delivery.crew 3
"""

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from django.db import connection


@contextlib.contextmanager
def crew(count: int) -> Iterator[list[int]]:
    """The numbers of the processes."""
    leader = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.cases.delivery.crew", str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.barnet.notifications.worker_settings",
            "PORTAL_MODE": "development",
            "WORKER_DATABASE": connection.settings_dict["NAME"],
        },
    )
    workers: list[int] = []
    try:
        workers += [int(number) for number in leader.stdout.readline().split()]
        yield workers
    finally:
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        leader.wait(timeout=30)


def main() -> None:
    import django

    django.setup()
    from portal.cases.delivery import calling, sending

    sending.PAUSES[:] = [dt.timedelta(seconds=0.2)] * len(sending.PAUSES)
    calling.WAIT = (1, 0.5)
    workers = []
    for _number in range(int(sys.argv[1])):
        worker = os.fork()
        if worker == 0:
            while True:
                sending.send_waiting(seconds=5)
                time.sleep(0.05)
        workers.append(worker)
    sys.stdout.write(f"{' '.join(map(str, workers))}\n")
    sys.stdout.flush()
    for worker in workers:
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
