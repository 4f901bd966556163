"""What messages hold on a person, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message


def register_holdings() -> None:
    register(
        Holding(
            "messages",
            _lazy("What we wrote to you"),
            _lazy("So that you can read it again, and to show that we told you."),
            _lazy("Two years."),
            _messages,
            _every_message,
            order=50,
        )
    )


def _messages(customer: Customer) -> Sequence[tuple[Words, object]]:
    counted = Message.objects.filter(customer=customer, is_secret=False).order_by().values_list("channel")
    found = dict(counted.annotate(Count("pk")))
    return [(channel.label, found[channel]) for channel in MessageChannel if channel in found]


def _every_message(customer: Customer) -> Json:
    return [
        {
            "written_at": message.created_at.isoformat(),
            "channel": message.channel,
            "address": message.address,
            "subject": message.subject,
            "text": message.body,
        }
        for message in Message.objects.filter(customer=customer, is_secret=False).order_by("created_at", "pk")
    ]
