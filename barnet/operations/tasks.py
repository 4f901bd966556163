"""Tasks that do not end: counted when they begin, parked when they kill their worker, settled by operators.

1. Before a worker begins a task it commits that it does (`count_start`); when the task ends, well or not, the row goes.
   What is left tells of a worker that died.
2. The queue brings such a task again. When it was begun `MAX_STARTS` times without an end it is parked instead
   (`park_if_deadly`). Tasks that were only waiting beside it in the dead worker were not begun, and are not counted.
3. A task that failed `max_attempts` times in an orderly way, which django-q2 counts, is moved to the same place.
4. An operator replays or discards it, with a reason. Compare-and-swap: of two clicks one counts.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.signing import BadSignature, SignedPackage
from django_q.utils import get_func_repr

from barnet.customers.models import User
from barnet.notifications.heartbeat import worker_name
from barnet.operations.enums import ParkReason, ParkState, TaskActKind
from barnet.operations.models import ParkedTask, TaskAct, TaskStart

MAX_STARTS = 5
KEEP_STARTS = dt.timedelta(days=7)

log = structlog.get_logger("barnet.tasks")

_COUNT = """
INSERT INTO operations_taskstart (task_id, name, function, worker, starts, started_at, time_limit)
VALUES (%s, %s, %s, %s, 1, now(), %s)
ON CONFLICT (task_id) DO UPDATE
SET starts = operations_taskstart.starts + 1, started_at = excluded.started_at, worker = excluded.worker
"""


class NoLongerReadableError(Exception):
    """The payload was signed with a key that is not valid any more."""


# --- In the worker ----------------------------------------------------------------------------------------------------


def count_start(task: Mapping[str, Any], **_: object) -> None:
    """A count that cannot be written must not stop the task: it will be counted the next time."""
    limit = task.get("timeout") or settings.Q_CLUSTER["timeout"]
    row = [task["id"], task["name"][:100], get_func_repr(task["func"])[:256], worker_name()[:100], limit]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, row)
    except (DatabaseError, InterfaceError):
        log.warning("start of task not counted", task=task["id"], exc_info=True)


def count_end(task: Mapping[str, Any], **_: object) -> None:
    try:
        TaskStart.objects.filter(pk=task["id"]).delete()
    except (DatabaseError, InterfaceError):
        log.warning("end of task not counted", task=task["id"], exc_info=True)


@transaction.atomic
def park_if_deadly(queue_pk: int, payload: str) -> bool:
    """Called with a task that was just taken from the queue. True: it was parked, do not begin it."""
    if not TaskStart.objects.filter(starts__gte=MAX_STARTS).exists():
        return False
    try:
        task = SignedPackage.loads(payload)
    except (TypeError, BadSignature):
        return False  # django-q2 throws it away
    start = TaskStart.objects.filter(pk=task["id"], starts__gte=MAX_STARTS).first()
    if start is None:
        return False
    _park(task, payload, ParkReason.KILLED, starts=start.starts)
    start.delete()
    OrmQ.objects.filter(pk=queue_pk).delete()
    return True


def collect_failures() -> int:
    """A chore of the supervisor: what failed for the last time stands with what was given up."""
    failed = Task.objects.filter(success=False, attempt_count__gte=settings.Q_CLUSTER["max_attempts"])
    return sum(map(_collect, failed.values_list("pk", flat=True)[:100]))


@transaction.atomic
def _collect(pk: str) -> bool:
    task = Task.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if task is None:
        return False
    package = {"id": task.id, "name": task.name, "func": task.func, "args": task.args, "kwargs": task.kwargs}
    package["started"] = task.started
    payload = SignedPackage.dumps(package)
    _park(package, payload, ParkReason.FAILED, starts=task.attempt_count, error=_where(task.result))
    task.delete()
    return True


def _park(task: Mapping[str, Any], payload: str, reason: ParkReason, *, starts: int, error: str = "") -> None:
    parked, is_new = ParkedTask.objects.get_or_create(
        task_id=task["id"],
        state=ParkState.PARKED,
        defaults={
            "name": task["name"][:100],
            "function": get_func_repr(task["func"])[:256],
            "payload": payload,
            "reason": reason,
            "starts": starts,
            "error": error,
        },
    )
    if is_new:
        log.error("task given up", task=parked.task_id, function=parked.function, reason=reason, starts=starts)


def _where(result: object) -> str:
    """The lines of a traceback that name places: what stands in the message may be somebody's."""
    lines = str(result or "").splitlines()
    kind = lines[-1].split(":")[0].strip() if lines else ""
    return "\n".join([*(line.strip() for line in lines if line.lstrip().startswith("File ")), kind])[-4000:]


def clear_starts() -> str:
    """Begun long ago and never brought back: the queue forgot it."""
    count, _by_model = TaskStart.objects.filter(started_at__lt=timezone.now() - KEEP_STARTS).delete()
    return f"{count} starts older than {KEEP_STARTS.days} days deleted"


# --- By operators -----------------------------------------------------------------------------------------------------


@transaction.atomic
def replay(parked: ParkedTask, *, by: User, reason: str) -> bool:
    """Puts it on the queue again, with a fresh count. False: somebody has settled it already."""
    try:
        SignedPackage.loads(parked.payload)
    except BadSignature:
        raise NoLongerReadableError from None
    if not _settle(parked, ParkState.REPLAYED, TaskActKind.REPLAY, by=by, reason=reason):
        return False
    TaskStart.objects.filter(pk=parked.task_id).delete()
    get_broker().enqueue(parked.payload)
    return True


@transaction.atomic
def discard(parked: ParkedTask, *, by: User, reason: str) -> bool:
    return _settle(parked, ParkState.DISCARDED, TaskActKind.DISCARD, by=by, reason=reason)


def _settle(parked: ParkedTask, state: ParkState, act: TaskActKind, *, by: User, reason: str) -> bool:
    is_ours = ParkedTask.objects.filter(pk=parked.pk, state=ParkState.PARKED).update(state=state)
    if is_ours:
        TaskAct.objects.create(act=act, task_id=parked.task_id, name=parked.name, reason=reason, by=by)
        log.info("task settled", task=parked.task_id, act=act, by=by.pk)
    return bool(is_ours)
