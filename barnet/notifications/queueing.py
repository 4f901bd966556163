"""The tasks for messages."""

from collections.abc import Iterable

from django_q.brokers import get_broker
from django_q.tasks import async_task

from barnet.notifications.models import Message


def enqueue(message: Message) -> None:
    """Part of the caller's transaction: the task exists exactly when the message does."""
    enqueue_all([message])


def enqueue_all(messages: Iterable[Message]) -> None:
    """A task for each, written in one statement."""
    broker = get_broker()
    collected = _Collected(broker.list_key)
    for message in messages:
        async_task(
            "barnet.notifications.delivery.deliver",
            str(message.pk),
            task_name=f"message-{message.pk}",
            broker=collected,
        )
    if collected.tasks:
        broker.enqueue_all(collected.tasks)


class _Collected:
    """Stands where the library expects a broker, which takes tasks one by one."""

    def __init__(self, list_key: str) -> None:
        self.list_key = list_key  # for the library's log
        self.tasks: list[str] = []

    def enqueue(self, task: str) -> None:
        self.tasks.append(task)
