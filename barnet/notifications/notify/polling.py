"""When callbacks do not come: Notify is asked. A periodic job; it costs nothing while every receipt has arrived."""

import datetime as dt

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from barnet.notifications.enums import MessageState, Receipt
from barnet.notifications.models import Message
from barnet.notifications.notify import client
from barnet.notifications.notify.receipts import apply, meaning

GRACE = dt.timedelta(minutes=10)  # a callback gets this much time
KEPT = dt.timedelta(days=7)  # Notify forgets then
FEW = 50  # up to here each is asked for by itself
MOST_PAGES = 100  # of 250


def poll_receipts() -> str:
    if not client.template_of_any():
        return "GOV.UK Notify is not set up"
    now = timezone.now()
    waiting = Message.objects.filter(
        state=MessageState.SENT,
        receipt__in=[Receipt.NONE, Receipt.ON_ITS_WAY],
        sent_at__range=(now - KEPT, now - GRACE),
    ).exclude(provider_reference="")
    references = set(waiting.order_by("sent_at").values_list("provider_reference", flat=True))
    if not references:
        return "every receipt is here"
    count = len(references)
    learnt = _one_by_one(references) if count <= FEW else _by_pages(references)
    return f"{learnt} of {count} receipts"


def _one_by_one(references: set[str]) -> int:
    return sum(_learn(client.found(reference)) for reference in references)


def _by_pages(references: set[str]) -> int:
    learnt, older_than = 0, None
    for _page in range(MOST_PAGES):
        notifications = client.page(older_than)
        if not notifications or not references:
            break
        for notification in notifications:
            if notification.get("reference") in references:
                references.discard(notification["reference"])
                learnt += _learn(notification)
        older_than = notifications[-1]["id"]
    return learnt


def _learn(notification: dict[str, object] | None) -> bool:
    receipt = meaning(notification.get("status")) if notification else None
    if notification is None or receipt is None:
        return False
    at = parse_datetime(str(notification.get("completed_at") or ""))
    return apply(str(notification["reference"]), receipt, at=at)
