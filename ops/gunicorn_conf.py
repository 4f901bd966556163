"""Settings of gunicorn: `gunicorn --config ops/gunicorn_conf.py barnet.wsgi`. Tidies up after a process that ended."""

import os


def child_exit(_server: object, worker: object) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined]
