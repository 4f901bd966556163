"""What the tests of Notify share."""

from django.utils import timezone

from barnet.notifications.delivery import deliver
from barnet.notifications.models import Message

CALLBACK = "/notifications/notify/callback/"
ON_THE_LINE = 2  # seconds: what a worker left there, and Notify has not read yet, is lost after them


def again(message: Message) -> str:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    return deliver(str(message.pk))
