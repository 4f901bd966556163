"""Is somebody delivering? Registered with the kit, which shows it at `/health/ready`."""

import datetime as dt

from django.db.models import Max, Min
from django.utils import timezone

from barnet.kit.health import NotReadyError
from barnet.notifications.enums import MessageState
from barnet.notifications.models import Message, Pulse

# Longer than a silent cluster needs to be killed and started again.
LONGEST_SILENCE = dt.timedelta(minutes=3)
LONGEST_WAIT = dt.timedelta(minutes=5)


def check_queue() -> str:
    now = timezone.now()
    beat_at = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
    if beat_at and now - beat_at > LONGEST_SILENCE:
        raise NotReadyError(f"No worker has finished a task for {_minutes(now - beat_at)} minutes: start one.")
    oldest = Message.objects.filter(state=MessageState.QUEUED, due_at__lte=now).aggregate(due=Min("due_at"))["due"]
    if oldest and now - oldest > LONGEST_WAIT:
        raise NotReadyError(f"A message has been due for {_minutes(now - oldest)} minutes: look at the worker.")
    pulse = f"worker alive {_seconds(now - beat_at)} seconds ago" if beat_at else "no worker yet"
    waiting = f"oldest message due for {_seconds(now - oldest)} seconds" if oldest else "no message waits"
    return f"{pulse}, {waiting}"


def _seconds(span: dt.timedelta) -> int:
    return max(0, round(span.total_seconds()))


def _minutes(span: dt.timedelta) -> int:
    return _seconds(span) // 60
