"""The real `manage.py worker`, with short limits: killed, stopped and starved, it goes on by itself."""

import datetime as dt
import os
import signal
import time

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from barnet.notifications.enums import MessageState
from barnet.notifications.models import MailboxMail, Message
from barnet.notifications.services import queue_message
from tests.barnet.notifications.workers import STALE_AFTER, group, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]


@pytest.fixture
def send(kind, fields):
    def send(key: str) -> Message:
        return queue_message(kind.key, key=key, email="asha@example.com", fields=fields)[0]

    return send


def is_sent(message: Message) -> bool:
    message.refresh_from_db()
    return message.state == MessageState.SENT


def test_clusters_that_fall_silent_are_replaced_and_none_outlives_its_supervisor(start, send):
    """One loses its idle workers, one is stopped whole: neither ends, and neither works. Both heal at the same time."""
    wounded, frozen = start("wounded", stale_after=STALE_AFTER), start("frozen", stale_after=STALE_AFTER)
    for worker in (wounded, frozen):
        worker.wait_until_alive()
    first = {worker: worker.clusters()[-1] for worker in (wounded, frozen)}
    _leader, _sentinel, *children = group(first[wounded])
    for child in children:
        os.kill(child, signal.SIGKILL)
    os.killpg(first[frozen], signal.SIGSTOP)
    message = send("while nobody works")

    wait_for(lambda: len(frozen.clusters()) > 1, "a new cluster")
    for worker in (wounded, frozen):
        worker.wait_until_alive()
    wait_for(lambda: is_sent(message), "the message")
    assert group(first[frozen]) == []
    assert MailboxMail.objects.count() == 1

    # Nobody outlives a supervisor either, however it ends.
    cluster = frozen.clusters()[-1]
    frozen.process.kill()
    wait_for(lambda: group(cluster) == [], "the orphans' end")


def test_a_cluster_that_ends_is_started_again_and_stops_in_order(start, send):
    worker = start("ended")
    worker.wait_until_alive()
    [first] = worker.clusters()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(worker.clusters()) == 2, "a new cluster")
    worker.wait_until_alive()
    assert group(first) == []

    message = send("when idle")
    wait_for(lambda: is_sent(message), "the message", seconds=5)
    assert (message.sent_at - message.created_at).total_seconds() < 5

    task_id = async_task("time.sleep", 2)
    [task] = [queued.pk for queued in OrmQ.objects.all() if queued.task_id() == task_id]
    taken = OrmQ.objects.filter(pk=task, lock__gt=timezone.now() + dt.timedelta(seconds=5))  # locked for its taker
    wait_for(taken.exists, "the task to be taken")
    time.sleep(0.5)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(timeout=20) == 0
    assert not OrmQ.objects.filter(pk=task).exists()  # the running task was finished and acknowledged
    assert group(worker.clusters()[-1]) == []
