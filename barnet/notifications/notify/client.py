"""The published API of GOV.UK Notify, through its own library; its errors in our terms.

Everybody's wording stays with us: Notify holds one template for each channel, made of `((subject))` and `((body))`
(`docs/operators/notify.md`). Its messages of error are for people; what is decided here is decided by their code.
"""

import datetime as dt
import functools
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from barnet.notifications import throttle
from barnet.notifications.enums import MessageChannel
from barnet.notifications.errors import NotYetError, PermanentRefusalError, TemporaryRefusalError, UnknownFateError
from barnet.notifications.models import Message
from barnet.notifications.registry import one_click_end_of

THROTTLE = "notify"
TIMEOUT = 15  # seconds: an attempt, with the wait for its turn, ends well before the worker kills its task
# A request that we gave up may still be on its way. Asked this much later, Notify knows whether it has come.
ON_ITS_WAY = dt.timedelta(seconds=30)
LONGEST_WAIT_FOR_TURN = 3.0  # seconds
PAUSE_AFTER_TOO_MANY = 5.0
PAUSE_AFTER_DAILY_LIMIT = 30 * 60.0


def template_of(channel: str) -> str:
    return settings.NOTIFY_TEMPLATES.get(channel, "") if settings.NOTIFY_API_KEY else ""


def template_of_any() -> bool:
    return any(template_of(channel) for channel in settings.NOTIFY_TEMPLATES)


def wait_for_turn() -> None:
    seconds = throttle.seconds_to_turn(THROTTLE, per_minute=settings.NOTIFY_PER_MINUTE, longest=LONGEST_WAIT_FOR_TURN)
    if seconds is None:
        raise NotYetError("GOV.UK Notify: our share of this minute is used up.", seconds=LONGEST_WAIT_FOR_TURN)
    time.sleep(seconds)


def send(message: Message) -> None:
    """One message. Raises the errors of a channel."""
    client, template = _client(), template_of(message.channel)
    reference = message.provider_reference
    fields = {"subject": message.subject, "body": message.text}
    if message.channel == MessageChannel.SMS:
        _call(lambda: client.send_sms_notification(message.address, template, {"body": message.text}, reference))
    elif message.channel == MessageChannel.LETTER:
        lines = {f"address_line_{n}": line for n, line in enumerate(message.address.split("\n"), 1)}
        _call(lambda: client.send_letter_notification(template, {**fields, **lines}, reference))
    else:
        end = one_click_end_of(message) or None
        _call(
            lambda: client.send_email_notification(
                message.address, template, fields, reference, one_click_unsubscribe_url=end
            )
        )


def send_mail(to: str, subject: str, body: str) -> None:
    """An e-mail that is not in the outbox."""
    fields = {"subject": subject, "body": body}
    _call(lambda: _client().send_email_notification(to, template_of(MessageChannel.EMAIL), fields))


def found(reference: str) -> dict[str, Any] | None:
    """What Notify holds under our reference; None when it holds nothing."""
    answer = _call(lambda: _client().get_all_notifications(reference=reference))
    notifications = answer["notifications"]
    return notifications[0] if notifications else None


def page(older_than: str | None = None) -> list[dict[str, Any]]:
    """Up to 250 of the last seven days' notifications, newest first."""
    answer = _call(lambda: _client().get_all_notifications(older_than=older_than))
    return list(answer["notifications"])


def _call(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except HTTPError as error:
        raise _in_our_terms(error) from error
    except APIError as error:  # an answer that is no JSON: it may have been taken
        raise UnknownFateError(f"GOV.UK Notify: {error}") from error


def _in_our_terms(error: HTTPError) -> Exception:
    kind, text = _kind(error), f"GOV.UK Notify: {error}"
    if error.response is None or error.status_code >= 500:
        return UnknownFateError(text)
    if error.status_code == 429:
        is_daily = kind == "TooManyRequestsError"
        pause = PAUSE_AFTER_DAILY_LIMIT if is_daily else PAUSE_AFTER_TOO_MANY
        throttle.hold_back(THROTTLE, seconds=PAUSE_AFTER_TOO_MANY)
        return NotYetError(text, seconds=pause)
    if error.status_code == 400 and kind == "ValidationError":
        return PermanentRefusalError(text)
    return TemporaryRefusalError(text)  # our key, our template, our account: staff and operators can mend it


def _kind(error: HTTPError) -> str:
    errors = error.message
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("error", "")) if isinstance(first, dict) else ""


def _client() -> NotificationsAPIClient:
    return _client_for(settings.NOTIFY_API_KEY, settings.NOTIFY_BASE_URL)


@functools.cache
def _client_for(api_key: str, base_url: str) -> NotificationsAPIClient:
    """One for a process: it keeps the connection open. It does not repeat a request by itself."""
    return NotificationsAPIClient(api_key, base_url=base_url, timeout=TIMEOUT)
