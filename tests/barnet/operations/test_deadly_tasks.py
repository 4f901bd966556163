"""A task that kills its worker, against the real worker: it is begun five times and then parked."""

import datetime as dt
import time

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from barnet.operations.brokers import DatabaseBroker
from barnet.operations.enums import ParkReason, ParkState
from barnet.operations.models import ParkedTask, TaskStart
from barnet.operations.tasks import MAX_STARTS, replay
from tests import factories
from tests.waiting import LONG, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]


def bring_again(task_id: str) -> None:
    """What the queue does after five minutes (`retry`), now."""
    moment = timezone.now() - dt.timedelta(seconds=1)
    for row in OrmQ.objects.filter(lock__gt=timezone.now()):
        if row.task_id() == task_id:
            OrmQ.objects.filter(pk=row.pk).update(lock=moment)


def wait_until_parked(task_id: str) -> list[int]:
    """Brings the task again each time that a worker died with it. Returns how often it was begun, as it was seen."""
    seen: list[int] = []
    until = time.monotonic() + LONG
    while not ParkedTask.objects.filter(task_id=task_id, state=ParkState.PARKED).exists():
        assert time.monotonic() < until, f"begun {seen}, not parked"
        started = TaskStart.objects.filter(pk=task_id).values_list("starts", flat=True).first()
        if started and started not in seen:
            seen.append(started)
            bring_again(task_id)
        time.sleep(0.05)
    return seen


def test_a_task_that_kills_its_worker_is_parked_after_five_starts_and_others_go_on(start):
    worker = start("deadly")
    worker.wait_until_alive()
    deadly = async_task("tests.barnet.operations.deadly.die", task_name="deadly")
    harmless = async_task("time.sleep", 0.01, task_name="harmless", save=True)

    assert wait_until_parked(deadly) == list(range(1, MAX_STARTS + 1))
    parked = ParkedTask.objects.get()
    assert (parked.reason, parked.starts, parked.name) == (ParkReason.KILLED, MAX_STARTS, "deadly")
    assert not TaskStart.objects.filter(pk=deadly).exists()
    wait_for(lambda: Task.objects.filter(pk=harmless, success=True).exists(), "the task beside it")
    worker.wait_until_alive()

    # Replayed, it has five starts again, and is parked again.
    assert replay(parked, by=factories.StaffFactory(), reason="more memory")
    wait_for(lambda: TaskStart.objects.filter(pk=deadly).exists(), "another start")
    assert wait_until_parked(deadly)[-1] == MAX_STARTS
    assert ParkedTask.objects.count() == 2


@pytest.mark.parametrize(("starts", "is_parked"), [(MAX_STARTS - 1, False), (MAX_STARTS, True)])
def test_the_queue_parks_only_what_was_begun_too_often(starts, is_parked):
    task_id = async_task("time.sleep", 0)
    TaskStart.objects.create(pk=task_id, name="x", function="x", worker="w", starts=starts, started_at=timezone.now())
    taken = DatabaseBroker().dequeue()
    assert (taken == []) == is_parked
    assert ParkedTask.objects.exists() == is_parked
    assert OrmQ.objects.exists() != is_parked
