"""A notification on every device of the person, as one message.

It is sent when one device at least took it; when every subscription is gone, it goes another way. A device that gets it
a second time after doubt shows it once: the notification's tag is the message.
"""

import functools
import json

import requests
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pywebpush import WebPusher, WebPushException

from barnet.notifications.channels import Channel, MarkHandover, register_channel
from barnet.notifications.enums import MessageChannel, Urgency
from barnet.notifications.errors import NotYetError, PermanentRefusalError, TemporaryRefusalError
from barnet.notifications.models import Message, PushDevice
from barnet.notifications.push import keys
from barnet.notifications.push.devices import MOST_DEVICES, devices_of
from barnet.notifications.push.services import is_known

TIMEOUT = 4  # seconds for each device: all of them within the minute that a task may take
KEPT_FOR = 24 * 3600  # seconds that the push service keeps it for a device that is off
LONGEST_PAUSE = 1800  # seconds, whatever a push service asks for
GONE = frozenset({404, 410})
REFUSED = frozenset({400, 401, 403, 413})


class PushChannel(Channel):
    key = MessageChannel.PUSH

    def is_available(self) -> bool:
        return keys.is_set_up()

    def has(self, message: Message) -> None:
        """A push service does not say."""

    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        devices = list(devices_of(message.customer)[:MOST_DEVICES]) if message.customer else []
        if not devices:
            raise PermanentRefusalError(_("Notifications are turned on on no device."))
        mark_handover()
        answers = [_tell(device, message) for device in devices]
        if any(answer is None for answer in answers):
            return
        failed = [answer for answer in answers if answer is not None]
        # What may still go by itself later counts for more than what never will.
        failed.sort(key=lambda error: [NotYetError, TemporaryRefusalError, PermanentRefusalError].index(type(error)))
        raise failed[0]


def _tell(device: PushDevice, message: Message) -> Exception | None:
    """What went wrong; None when the push service took it."""
    if not is_known(device.endpoint):
        return PermanentRefusalError(_("The device's push service is no longer in PUSH_SERVICES."))
    try:
        answer = _send(device, message)
    except (requests.RequestException, WebPushException) as error:
        return TemporaryRefusalError(f"{type(error).__name__}: {error}")
    if answer.ok:
        PushDevice.objects.filter(pk=device.pk).update(last_used_at=timezone.now())
        return None
    if answer.status_code in GONE:
        device.delete()
        return PermanentRefusalError(_("The device no longer takes notifications; it was removed."))
    said = f"{answer.status_code}: {answer.text[:200]}"
    if answer.status_code == 429:
        return NotYetError(said, seconds=_pause(answer.headers.get("Retry-After", "")))
    return PermanentRefusalError(said) if answer.status_code in REFUSED else TemporaryRefusalError(said)


def payload(message: Message) -> str:
    """The short wording and nothing else about the person: it may be read on a locked screen."""
    name = settings.COUNCIL_NAME
    told = {
        "title": name,
        "body": message.short.removeprefix(f"{name}: ") or message.subject,
        "tag": message.pk.hex,
        "path": reverse("account_messages"),
    }
    return json.dumps(told, ensure_ascii=False)


def _send(device: PushDevice, message: Message) -> requests.Response:
    where = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    origin = "/".join(device.endpoint.split("/")[:3])
    expires = int(timezone.now().timestamp()) + 12 * 3600
    headers = keys.signer().sign({"sub": settings.PUSH_CONTACT, "aud": origin, "exp": expires})
    headers["Topic"] = message.pk.hex  # of two that wait for a device that is off the later one stands
    headers["Urgency"] = "high" if message.urgency == Urgency.NOW else "normal"
    pusher = WebPusher(where, requests_session=_session())
    answer = pusher.send(payload(message), headers, ttl=KEPT_FOR, timeout=TIMEOUT)
    assert isinstance(answer, requests.Response)
    return answer


@functools.cache
def _session() -> requests.Session:
    """One for a process: it keeps connections open. A push service that leads elsewhere is not followed."""
    session = requests.Session()
    session.max_redirects = 0
    return session


def _pause(said: str) -> float:
    return min(max(float(said), 1.0), LONGEST_PAUSE) if said.isascii() and said.isdigit() else 60.0


def register_push() -> None:
    register_channel(PushChannel())
