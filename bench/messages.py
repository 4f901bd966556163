"""The outbox: writing messages, and handing them to the development mailbox in one process.

The worker has two such processes; a real mail server adds its own time to each message.
"""

import itertools

from django_q.models import OrmQ

from barnet.customers.models import Customer, User
from barnet.notifications.delivery import deliver
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Attempt, MailboxMail, Message
from barnet.notifications.services import queue_message
from bench import PrintRow, measure

COUNT = 300
FIELDS = {"council": "Barnet Council", "asked_at": "23 November 2026, 4:05pm"}


def run(print_row: PrintRow) -> None:
    _clear()
    customer = _customer()
    numbers = itertools.count()

    def queue(number: int) -> list[Message]:
        return queue_message("test-message", key=f"bench:{number}", customer=customer, fields=FIELDS)

    queued = measure(queue, list(itertools.islice(numbers, COUNT)))
    print_row(f"queue a mail and an inbox message ({1000 / queued.p50:.0f}/s)", queued)
    waiting = Message.objects.filter(channel=MessageChannel.EMAIL).values_list("pk", flat=True)
    delivered = measure(deliver, [str(pk) for pk in waiting])
    print_row(f"deliver a mail to the mailbox ({1000 / delivered.p50:.0f}/s)", delivered)
    _clear()


def _customer() -> Customer:
    user, _made = User.objects.get_or_create(email="bench-messages@example.com")
    customer, _made = Customer.objects.get_or_create(user=user, defaults={"name": "Bench", "email": user.email})
    return customer


def _clear() -> None:
    for model in (Attempt, Message, MailboxMail, OrmQ):
        model.objects.all().delete()
