"""How long messages are kept."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.keeping.people_retention import CUSTOMERS
from barnet.kit.retention import Kind, delete_rows, keep, register
from barnet.notifications.enums import MessageState
from barnet.notifications.models import MailboxMail, Message, PushDevice

WAITING = [MessageState.QUEUED, MessageState.HELD]
DELETED = "The text of this message was deleted: its time was over."


def register_retention() -> None:
    register(
        Kind(
            key="message-texts",
            name=_("Texts of messages"),
            action=_("The text is deleted. That we wrote, when and about what stays."),
            days=2 * 365,
            reason=_("Shows what we told somebody, for as long as they may complain about it."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="created_at",
            find=lambda: Message.objects.exclude(state__in=WAITING).exclude(body__in=["", DELETED]),
            apply=lambda rows: rows.update(body=DELETED, short=""),
        )
    )
    register(
        Kind(
            key="message-addresses",
            name=_("Addresses of messages"),
            action=_("The e-mail address or number is deleted from the message."),
            days=2 * 365,
            reason=_("Shows where we sent a message, for as long as its text is kept."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="created_at",
            find=lambda: Message.objects.exclude(state__in=WAITING).exclude(address=""),
            apply=lambda rows: rows.update(address="", last_error=""),
        )
    )
    register(
        Kind(
            key="push-devices",
            name=_("Devices that get notifications"),
            action=_("The device is removed: it gets no notifications any more."),
            days=365,
            reason=_("Shows a person what we tell them, for as long as the device takes it."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="added_at",
            find=lambda: PushDevice.objects.exclude(last_used_at__gt=timezone.now() - dt.timedelta(days=365)),
            apply=delete_rows,
        )
    )
    register(
        Kind(
            key="mailbox",
            name=_("The development mailbox"),
            action=_("The mail is deleted."),
            days=30,
            reason=_("Only for trying the portal: nothing in it was sent."),
            legal_basis=_("Storage limitation (UK GDPR article 5(1)(e))"),
            age="sent_at",
            find=MailboxMail.objects.all,
            apply=delete_rows,
        )
    )
    keep(CUSTOMERS, lambda: Q(pk__in=_readable().values("customer")))


def _readable() -> QuerySet[Message]:
    """They say something still, or are yet to be sent."""
    gone = Q(body__in=["", DELETED], address="") & ~Q(state__in=WAITING)
    return Message.objects.exclude(customer=None).exclude(gone)
