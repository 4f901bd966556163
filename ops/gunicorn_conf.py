"""Settings of gunicorn: `gunicorn --config ops/gunicorn_conf.py barnet.wsgi`. Tidies up after a process that ended."""

import gc
import os


def post_worker_init(_worker: object) -> None:
    """What the process has loaded stays: looking through all of it for garbage held up one page in ten for 0.2 s."""
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: object) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined]
