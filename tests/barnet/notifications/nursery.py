"""Real worker processes that die on command.

One process loads Django and then forks a worker for each order that it reads, so that a worker costs milliseconds. The
worker runs the product's own code; where the order says so it sends itself SIGKILL at a step. The steps are seams of
`delivery`: nothing in the product knows of them.

    python -m tests.barnet.notifications.nursery
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

STEPS = {
    "before settling": ("interrupted_attempts", "before"),
    "before taking": ("take", "before"),
    "taken, nothing sent": ("take", "after"),
    "before the mark": ("mark_handover", "before"),
    "marked, nothing sent": ("mark_handover", "after"),
    "sent, not recorded": ("record_delivered", "before"),
    "recording, not committed": ("_blank_secret", "before"),
    "recorded": ("record_delivered", "after"),
}


class Nursery:
    """The side of the test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def work(self, task: str, *, database: str, **order: Any) -> str:
        """`done`, or the name of the signal that ended the worker."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"task": task, "database": database} | order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.barnet.notifications.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PORTAL_MODE": "development", "MAIL_TRANSPORT": "mailbox"},
    )
    try:
        yield Nursery(process)
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
    django.setup()
    from barnet.notifications import delivery  # noqa: F401 - loaded once, for all workers

    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            work(**json.loads(line))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        sys.stdout.write("done\n" if code == 0 else f"{signal.Signals(-code).name}\n" if code < 0 else f"exit {code}\n")
        sys.stdout.flush()


def work(
    *,
    database: str,
    task: str,
    message: str = "",
    die: str = "",
    customer: int = 0,
    smtp_port: int = 0,
    is_forgetful: bool = False,
    notify: str = "",
    lives: float = 0,
) -> None:
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = database
    if smtp_port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_port
    if notify:
        from tests.barnet.notifications.notify.simulating import use

        use(settings, notify)
        impatient()
    if is_forgetful:
        forget()
    if lives:
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, lives)
    if task == "drain":
        drain()
    elif task == "queue":
        queue(customer, die)
    else:
        deliver(message, die)


def deliver(message: str, die: str) -> None:
    from barnet.notifications import delivery

    if die:
        name, when = STEPS[die]
        setattr(delivery, name, dying(getattr(delivery, name), when))
    delivery.deliver(message)


def impatient() -> None:
    from barnet.notifications.notify import client

    client.TIMEOUT, client.PAUSE_AFTER_TOO_MANY, client.LONGEST_WAIT_FOR_TURN = 0.7, 0.2, 0.2


def drain() -> None:
    """A worker without a queue: takes what is due, in any order, until nothing is."""
    from django.utils import timezone

    from barnet.notifications.delivery import deliver, interrupted_attempts
    from barnet.notifications.models import Message

    for attempt in interrupted_attempts():  # the sweeper would write tasks for them
        deliver(str(attempt.message_id))
    while True:
        due = Message.objects.filter(state="queued", due_at__lte=timezone.now()).order_by("?")
        ids = list(due.values_list("pk", flat=True)[:40])
        if not ids:
            return
        for pk in ids:
            deliver(str(pk))


def dying(step: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dies(*args: Any, **kwargs: Any) -> None:
        if when == "after":
            step(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return dies


def forget() -> None:
    """The negative control: no channel knows what it holds, and every attempt is a mail of its own."""
    import uuid

    from barnet.notifications import channels
    from barnet.notifications.notify import channel as notify

    channels.EmailChannel.has = notify.NotifyChannel.has = lambda self, message: None
    channels.message_id_of = lambda message: f"<{uuid.uuid4()}@portal.example>"


def queue(customer: int, die: str) -> None:
    """A change with its message, in one transaction, as every room writes it."""
    from django.db import transaction

    from barnet.customers.models import Customer
    from barnet.notifications.services import queue_message

    fields = {"council": "Barnet Council", "asked_at": "now"}
    with transaction.atomic():
        queue_message("test-message", key="killed", customer=Customer.objects.get(pk=customer), fields=fields)
        if die == "before the commit":
            os.kill(os.getpid(), signal.SIGKILL)
    if die == "after the commit":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
