"""A real process that makes a file and is killed (-9) in the middle.

python -m tests.portal.cases.delivery.killed_filing 1   # after the first file was renamed, before the commit
python -m tests.portal.cases.delivery.killed_filing 2   # after the commit, in the middle of sealing
"""

import os
import signal
import subprocess
import sys

from django.db import connection


def file_and_die(root: object, *, at: int) -> int:
    """How the process ended."""
    return subprocess.run(
        [sys.executable, "-m", "tests.portal.cases.delivery.killed_filing", str(at)],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.barnet.notifications.worker_settings",
            "PORTAL_MODE": "development",
            "WORKER_DATABASE": connection.settings_dict["NAME"],
            "DELIVERY_FILES_ROOT": str(root),
        },
        stderr=subprocess.DEVNULL,
        timeout=120,
    ).returncode


def main() -> None:
    import django

    django.setup()
    from portal.cases.delivery import nightly

    write, calls = nightly._write, []

    def write_and_die(path, content):
        calls.append(path)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)  # before anything of the second is written
        write(path, content)
        if sys.argv[1] == "1":
            os.kill(os.getpid(), signal.SIGKILL)

    nightly._write = write_and_die
    nightly.make_files()


if __name__ == "__main__":
    main()
