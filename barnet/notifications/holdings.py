"""What messages hold on a person, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message, PushDevice


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
    register(
        Holding(
            "push-devices",
            _lazy("Devices that get notifications"),
            _lazy("So that your devices show what we have to tell you. You can remove them."),
            _lazy("Until you remove it, or a year after its last notification."),
            _devices,
            _every_device,
            order=51,
        )
    )


def _devices(customer: Customer) -> Sequence[tuple[Words, object]]:
    return [(device.name, date_long(device.added_at)) for device in PushDevice.objects.filter(customer=customer)]


def _every_device(customer: Customer) -> Json:
    return [
        {"device": device.name, "since": device.added_at.isoformat(), "address": device.endpoint}
        for device in PushDevice.objects.filter(customer=customer)
    ]


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
