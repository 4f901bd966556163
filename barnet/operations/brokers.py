"""The two queues of the portal, chosen by the setting QUEUE.

`DatabaseBroker` keeps the queue in PostgreSQL: a task is written in the transaction of its change, and comes again when
its worker dies. A task whose worker died at it too often is parked instead of begun once more.

`RedisBroker` keeps it in Redis: a task is written when the change is committed, and is gone with a worker that dies or
a Redis that is away. Nothing is lost even so, because every effect has a row of its own (`Message`, `PeriodicRun`), and
the supervisor writes a task again for a row that has none.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf
from django_q.models import OrmQ

from barnet.operations.tasks import park_if_deadly


class DatabaseBroker(ORM):
    def dequeue(self) -> list[tuple[int, str]] | None:
        taken = super().dequeue()
        return [task for task in taken if not park_if_deadly(*task)] if taken else taken

    def enqueue_all(self, tasks: Sequence[str]) -> None:
        """In the caller's transaction, in one statement."""
        now, key = timezone.now(), self.list_key or Conf.CLUSTER_NAME
        self.get_connection().bulk_create([OrmQ(key=key, payload=task, lock=now) for task in tasks])


class RedisBroker(Redis):
    def enqueue(self, task: Any) -> None:
        """Robust: when Redis is away the change stands, and the supervisor brings its task later."""
        self.enqueue_all([task])

    def enqueue_all(self, tasks: Sequence[str]) -> None:
        transaction.on_commit(lambda: self.connection.rpush(self.list_key, *tasks), robust=True)
