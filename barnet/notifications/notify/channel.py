"""Text messages and letters go by Notify, e-mail does when `MAIL_TRANSPORT` says so."""

import datetime as dt

from django.conf import settings

from barnet.notifications.channels import Channel, EmailChannel, MarkHandover, register_channel
from barnet.notifications.enums import AttemptOutcome, MessageChannel
from barnet.notifications.errors import PermanentRefusalError
from barnet.notifications.models import Message
from barnet.notifications.notify import client


class NotifyChannel(Channel):
    """Exact: Notify says what it holds under our reference, and is asked before anything is sent a second time."""

    def __init__(self, key: MessageChannel) -> None:
        self.key = key

    @property
    def may_still_take_it(self) -> dt.timedelta:
        return client.ON_ITS_WAY

    def is_available(self) -> bool:
        return bool(client.template_of(self.key))

    def has(self, message: Message) -> bool | None:
        if not self.is_available():
            return None
        return client.found(message.provider_reference) is not None

    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        if not self.is_available():
            raise PermanentRefusalError(f"GOV.UK Notify is not set up for {self.key}.")
        if _may_have_arrived(message) and self.has(message):
            return
        client.wait_for_turn()
        mark_handover()
        client.send(message)


class EmailByChoice(EmailChannel):
    """E-mail by the transport of this installation."""

    @property
    def may_still_take_it(self) -> dt.timedelta:
        return _BY_NOTIFY.may_still_take_it if _is_by_notify() else super().may_still_take_it

    def has(self, message: Message) -> bool | None:
        return _BY_NOTIFY.has(message) if _is_by_notify() else super().has(message)

    def hand_over(self, message: Message, mark_handover: MarkHandover) -> None:
        if _is_by_notify():
            _BY_NOTIFY.hand_over(message, mark_handover)
        else:
            super().hand_over(message, mark_handover)


_BY_NOTIFY = NotifyChannel(MessageChannel.EMAIL)


def register_notify() -> None:
    register_channel(EmailByChoice(), instead=True)
    register_channel(NotifyChannel(MessageChannel.SMS))
    register_channel(NotifyChannel(MessageChannel.LETTER))


def _is_by_notify() -> bool:
    return settings.MAIL_TRANSPORT == "notify"


def _may_have_arrived(message: Message) -> bool:
    earlier = message.attempts.exclude(outcome=AttemptOutcome.STARTED)
    return earlier.filter(handed_over_at__isnull=False).exists()
