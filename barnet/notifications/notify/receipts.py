"""What became of a message after Notify took it. Told by callback, or asked for; both end here.

A receipt may come twice, late, before our own record that the message left, or of a message that we do not know. What
was said last in the life of a message stands, whatever comes last.
"""

import datetime as dt

import structlog
from django.db import transaction
from django.utils import timezone

from barnet.notifications.enums import FAILURES, AttemptOutcome, MessageState, Receipt
from barnet.notifications.fallback import give_up
from barnet.notifications.models import Attempt, Message

log = structlog.get_logger("barnet.notifications")

_MEANING = {
    **dict.fromkeys(["created", "sending", "pending", "sent", "accepted", "pending-virus-check"], Receipt.ON_ITS_WAY),
    **dict.fromkeys(["delivered", "received"], Receipt.DELIVERED),
    "temporary-failure": Receipt.TEMPORARY_FAILURE,
    **dict.fromkeys(
        ["technical-failure", "cancelled", "validation-failed", "virus-scan-failed"], Receipt.TECHNICAL_FAILURE
    ),
    "permanent-failure": Receipt.PERMANENT_FAILURE,
}
# A text message to another country is "sent" for ever: that it arrived is never told.
_ORDER = [
    Receipt.NONE,
    Receipt.ON_ITS_WAY,
    Receipt.TEMPORARY_FAILURE,
    Receipt.TECHNICAL_FAILURE,
    Receipt.DELIVERED,
    Receipt.PERMANENT_FAILURE,
]


def meaning(status: object) -> Receipt | None:
    return _MEANING.get(status) if isinstance(status, str) else None


@transaction.atomic
def apply(reference: str, receipt: Receipt, *, at: dt.datetime | None = None) -> bool:
    """False when there was nothing to learn: an unknown message, or one of which we knew as much."""
    message = Message.objects.select_for_update(of=("self",)).filter(provider_reference=reference).first()
    if not reference or message is None:
        log.info("receipt for no message of ours", receipt=receipt)
        return False
    if _ORDER.index(receipt) <= _ORDER.index(Receipt(message.receipt)):
        return False
    was_failed = message.receipt in FAILURES
    message.receipt, message.receipt_at = receipt, at or timezone.now()
    _close_open_attempt(message)
    if receipt in FAILURES:
        if not was_failed:
            message.last_error = str(receipt.label)
            give_up(message, is_address_dead=receipt == Receipt.PERMANENT_FAILURE)
            log.warning("message did not arrive", kind=message.template_key, receipt=receipt)
    elif message.state in {MessageState.QUEUED, MessageState.PARKED} and not was_failed:
        message.state, message.sent_at, message.last_error = MessageState.SENT, timezone.now(), ""
    if message.is_secret and message.state != MessageState.QUEUED:
        message.body = message.short = ""
    message.save(update_fields=["receipt", "receipt_at", "state", "sent_at", "last_error", "body", "short"])
    return True


def _close_open_attempt(message: Message) -> None:
    """That there is a receipt proves that Notify took it, whatever our worker had time to write down."""
    Attempt.objects.filter(message=message, outcome=AttemptOutcome.STARTED).update(
        outcome=AttemptOutcome.DELIVERED, finished_at=timezone.now(), error=""
    )
