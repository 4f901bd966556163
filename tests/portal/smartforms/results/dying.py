"""A process that sends a form and kills itself at a step of sending.

One process loads Django and nothing else, and forks a sender for each order that it reads: a process of the tests must
not be forked itself, because it may hold a browser, a server and threads with locks.

    python -m tests.portal.smartforms.results.dying
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

STEPS = (
    "the draft is locked",
    "the case is written",
    "the answers are written",
    "the contact is logged",
    "the message is queued",
    "the draft is emptied",
    "all is committed",
)


@contextlib.contextmanager
def senders() -> Iterator[Callable[..., str]]:
    """`send(draft=…, step=…, database=…)` → the name of the signal that ended the sender, or `lived`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.smartforms.results.dying"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PORTAL_MODE": "development"},
    )
    assert process.stdin
    assert process.stdout
    orders, answers = process.stdin, process.stdout

    def send(**order: str) -> str:
        orders.write(json.dumps(order) + "\n")
        orders.flush()
        return answers.readline().strip()

    try:
        yield send
    finally:
        orders.close()
        process.wait(timeout=30)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                send_and_die(**json.loads(line))
            finally:
                os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{signal.Signals(-code).name if code < 0 else 'lived'}\n")
        sys.stdout.flush()


def send_and_die(*, database: str, draft: str, step: str) -> None:
    from django.db import connection

    from portal.smartforms.models import Draft

    connection.settings_dict["NAME"] = database
    with _dying(step):
        send(Draft(pk=draft))


def send(draft: Any) -> None:
    from django.utils import timezone

    from barnet.customers.actors import Actor
    from portal.smartforms.evaluating import Facts
    from portal.smartforms.results import submitting

    submitting.submit(draft, actor=Actor.visitor(), customer=None, facts=Facts(on=timezone.localdate()))


def _dying(step: str) -> Any:
    from portal.cases.services import receiving
    from portal.smartforms.models import Draft
    from portal.smartforms.results import submitting

    seams: dict[str, tuple[Any, str, bool]] = {  # where, and whether the seam is run first
        "the draft is locked": (submitting, "_complete_walk", False),
        "the case is written": (submitting, "_write", False),
        "the answers are written": (submitting, "_write", True),
        "the contact is logged": (receiving, "write_contact", True),
        "the message is queued": (receiving, "tell_reporter", True),
        "the draft is emptied": (Draft, "save", True),
        "all is committed": (submitting, "submit", True),
    }
    owner, name, is_run_first = seams[step]
    run = getattr(owner, name)

    def dies(*args: Any, **more: Any) -> None:
        if is_run_first:
            run(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    return mock.patch.object(owner, name, dies)


if __name__ == "__main__":
    main()
