"""The daily summary: what could wait, of one topic, in one message.

Each held message is sent exactly once: the rows are locked, collected and linked to the summary in the transaction that
writes it. A second run finds none left; a run that is killed has done nothing.
"""

from django.db import transaction
from django.utils import timezone

from barnet.notifications.choice import choose
from barnet.notifications.enums import MessageState, Topic, Urgency
from barnet.notifications.identity import idempotency_key, provider_reference
from barnet.notifications.links import absolute_url
from barnet.notifications.models import Message
from barnet.notifications.moments import not_before
from barnet.notifications.queueing import enqueue
from barnet.notifications.registry import DAILY_SUMMARY
from barnet.notifications.rendering import ending, render

AT_MOST = 50  # messages in one summary; the others come with the next


def send_summaries() -> str:
    due = Message.objects.filter(state=MessageState.HELD, due_at__lte=timezone.now())
    people = list(due.order_by().values_list("customer", "topic").distinct())
    sent = sum(_send_summary(customer, topic) for customer, topic in people)
    return f"{sent} summaries"


@transaction.atomic
def _send_summary(customer_id: int | None, topic: str) -> bool:
    held = Message.objects.filter(
        state=MessageState.HELD, due_at__lte=timezone.now(), customer=customer_id, topic=topic
    ).order_by("created_at", "pk")
    rows = list(held.select_for_update(of=("self",), skip_locked=True).select_related("customer")[:AT_MOST])
    if not rows:
        return False
    if len(rows) == 1 or rows[0].customer is None:
        for row in rows:
            _release(row)
        return True
    summary = _summary_of(rows)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.COLLECTED, collected_in=summary, sent_at=timezone.now()
    )
    return True


def _release(message: Message) -> None:
    """One alone needs no summary around it."""
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(state=MessageState.QUEUED, due_at=now, enqueued_at=now)
    enqueue(message)


def _summary_of(rows: list[Message]) -> Message:
    first, now = rows[0], timezone.now()
    assert first.customer is not None
    choice = choose(first.customer, topic=first.topic, urgency=Urgency.WHENEVER)
    channel = choice.ways[0].channel if choice.ways else first.channel
    address = choice.ways[0].address if choice.ways else first.address
    words = render(
        DAILY_SUMMARY,
        {
            "topic": Topic(first.topic).label,
            "count": str(len(rows)),
            "messages": "\n\n".join(f"{row.subject}\n{_without_ending(row)}" for row in rows),
            "link": absolute_url("/account/messages/"),
        },
        first.customer.language,
    )
    key = idempotency_key(f"summary:{first.pk}", f"customer {first.customer_id}")
    due_at = not_before(now, channel=channel, urgency=Urgency.WHENEVER, preference=choice.preference)
    summary = Message.objects.create(
        idempotency_key=key,
        template_key=DAILY_SUMMARY.key,
        channel=channel,
        customer=first.customer,
        address=address,
        topic=first.topic,
        urgency=Urgency.WHENEVER,
        language=words.language,
        subject=words.subject,
        body=words.body,
        short=words.short,
        due_at=due_at,
        enqueued_at=now,
        created_at=now,
        provider_reference=provider_reference(key, channel),
    )
    if due_at <= now:
        enqueue(summary)
    return summary


def _without_ending(message: Message) -> str:
    """How to reach us stands once, at the end of the summary."""
    return message.body.removesuffix(ending(message.language)).strip()
