"""What becomes of a message that did not arrive: the next way to the person, or the list that staff look after."""

from django.utils import timezone

from barnet.notifications.choice import Way, choose
from barnet.notifications.enums import MessageChannel, MessageState
from barnet.notifications.identity import LONGEST, provider_reference
from barnet.notifications.models import Message
from barnet.notifications.moments import not_before
from barnet.notifications.queueing import enqueue
from barnet.notifications.suppression import suppress


def give_up(message: Message, *, is_address_dead: bool = False) -> None:
    """Sets the state and writes the replacement; the caller, who holds the row's lock, saves the message."""
    if is_address_dead and not message.is_secret:
        suppress(message.channel, message.address, message.last_error)
    message.state = MessageState.REPLACED if _fall_back(message) else MessageState.PARKED


def _fall_back(message: Message) -> bool:
    """One replacement for a message, ever: the key and the link are unique."""
    if message.customer is None or message.is_secret or Message.objects.filter(replaces=message).exists():
        return False
    choice = choose(message.customer, topic=message.topic, urgency=message.urgency)
    tried = _tried(message)
    way = next((way for way in choice.ways if way not in tried), None)
    if way is None:
        return False
    now = timezone.now()
    # It begins as the event does: cancelling the event reaches it, and its kind finds in it what it looks for.
    key = f"{message.idempotency_key[: LONGEST // 2]}:instead:{message.pk}"
    due_at = not_before(now, channel=way.channel, urgency=message.urgency, preference=choice.preference)
    replacement = Message.objects.create(
        idempotency_key=key,
        template_key=message.template_key,
        channel=way.channel,
        customer=message.customer,
        address=way.address,
        topic=message.topic,
        urgency=message.urgency,
        about=message.about,
        subject=message.subject,
        body=message.body,
        short=message.short,
        due_at=due_at,
        enqueued_at=now,
        created_at=now,
        request_id=message.request_id,
        provider_reference=provider_reference(key, way.channel),
        replaces=message,
    )
    if due_at <= now:
        enqueue(replacement)
    return True


def _tried(message: Message) -> set[Way]:
    tried: set[Way] = set()
    one: Message | None = message
    while one is not None:
        tried.add(Way(MessageChannel(one.channel), one.address.lower() if one.channel == "email" else one.address))
        one = one.replaces
    return tried
