"""The task for a message."""

from django_q.tasks import async_task

from barnet.notifications.models import Message


def enqueue(message: Message) -> None:
    """Part of the caller's transaction: the task exists exactly when the message does."""
    async_task("barnet.notifications.delivery.deliver", str(message.pk), task_name=f"message-{message.pk}")
