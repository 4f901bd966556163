"""What failed for the last time, and what operators do about it."""

import datetime as dt
import traceback

import pytest
from django.db import ProgrammingError
from django.utils import timezone
from django_q.models import OrmQ, Task

from barnet.operations import tasks
from barnet.operations.enums import ParkReason, ParkState
from barnet.operations.models import ParkedTask, TaskAct, TaskStart
from tests.barnet.operations import deadly

pytestmark = pytest.mark.django_db


def failed_task(attempts: int = 5, name: str = "failing") -> Task:
    try:
        deadly.fail()
    except ValueError as error:
        result = f"{error} : {traceback.format_exc()}"
    now = timezone.now()
    return Task.objects.create(
        id=name.ljust(32, "0"),
        name=name,
        func="tests.barnet.operations.deadly.fail",
        args=("a secret argument",),
        kwargs={},
        started=now,
        stopped=now,
        success=False,
        result=result,
        attempt_count=attempts,
    )


@pytest.fixture
def parked() -> ParkedTask:
    failed_task()
    tasks.collect_failures()
    return ParkedTask.objects.get()


def test_what_failed_for_the_last_time_is_given_up_and_tells_where_not_whose(parked):
    assert (parked.reason, parked.starts) == (ParkReason.FAILED, 5)
    assert "deadly.py" in parked.error
    assert "ValueError" in parked.error
    assert "asha@example.com" not in parked.error
    assert not Task.objects.exists()


def test_what_will_be_tried_again_stays():
    failed_task(attempts=4)
    assert tasks.collect_failures() == 0
    assert not ParkedTask.objects.exists()


def test_replay_puts_it_on_the_queue_once_with_a_record(parked, dev):
    TaskStart.objects.create(pk=parked.task_id, name="x", function="x", worker="w", starts=5, started_at=timezone.now())
    assert tasks.replay(parked, by=dev, reason="the server is back")
    assert not tasks.replay(parked, by=dev, reason="a second click")
    assert not tasks.discard(parked, by=dev, reason="a colleague")
    [queued] = OrmQ.objects.all()
    assert (queued.func(), queued.args()) == ("tests.barnet.operations.deadly.fail", ("a secret argument",))
    assert not TaskStart.objects.exists()
    [act] = TaskAct.objects.all()
    assert (act.act, act.by, act.reason) == ("replay", dev, "the server is back")


def test_discard_leaves_the_queue_alone_and_a_record(parked, dev):
    assert tasks.discard(parked, by=dev, reason="sent by hand")
    parked.refresh_from_db()
    assert parked.state == ParkState.DISCARDED
    assert not OrmQ.objects.exists()
    assert TaskAct.objects.get().reason == "sent by hand"


def test_a_payload_that_we_did_not_sign_is_not_run(parked, dev):
    ParkedTask.objects.update(payload=parked.payload[:-3] + "abc")
    parked.refresh_from_db()
    with pytest.raises(tasks.NoLongerReadableError):
        tasks.replay(parked, by=dev, reason="x")
    assert not OrmQ.objects.exists()
    assert not TaskAct.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_operators_did_cannot_be_edited(dev):
    act = TaskAct.objects.create(act="run", name="x", by=dev)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        act.delete()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        TaskAct.objects.update(reason="other")


def test_old_starts_are_forgotten():
    for name, days in {"old": 8, "new": 1}.items():
        moment = timezone.now() - dt.timedelta(days=days)
        TaskStart.objects.create(pk=name, name=name, function="x", worker="w", started_at=moment)
    assert tasks.clear_starts() == "1 starts older than 7 days deleted"
    assert TaskStart.objects.get().name == "new"
