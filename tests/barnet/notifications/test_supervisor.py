"""The real `manage.py worker`, with short limits: killed, stopped and starved, it goes on by itself."""

import os
import signal

import pytest
from django_q.models import OrmQ
from django_q.tasks import async_task

from barnet.notifications.enums import MessageState
from barnet.notifications.models import MailboxMail, Message
from barnet.notifications.services import queue_message
from tests.barnet.notifications.workers import NEVER, STALE_AFTER, group
from tests.barnet.operations.gates import shut_gate
from tests.waiting import LONG, wait_for, waits_for_a_lock

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
    worker = start("ended", sweep_every=NEVER)
    worker.wait_until_alive()
    [first] = worker.clusters()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(worker.clusters()) == 2, "a new cluster")
    worker.wait_until_alive()
    assert group(first) == []

    message = send("when idle")
    wait_for(lambda: is_sent(message), "the message")  # which nobody sweeps up: its own task brings it

    cluster = worker.clusters()[-1]
    whole = set(group(cluster))
    with shut_gate():
        task_id = async_task("tests.barnet.operations.gates.pass_gate")
        [task] = [queued.pk for queued in OrmQ.objects.all() if queued.task_id() == task_id]
        wait_for(waits_for_a_lock, "the task to run")
        worker.process.send_signal(signal.SIGTERM)
        wait_for(lambda: not whole <= set(group(cluster)), "the cluster to begin its end")
        assert OrmQ.objects.filter(pk=task).exists()
    assert worker.process.wait(timeout=LONG) == 0
    assert not OrmQ.objects.filter(pk=task).exists()  # the running task was finished and acknowledged
    assert group(cluster) == []
