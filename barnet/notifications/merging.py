"""What becomes of this room's rows when two records of a customer are merged."""

from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.rules import Rule, declare, stays


def declare_merging() -> None:
    declare("notifications.Message.customer", Rule(_("Messages")))
    declare("notifications.PushDevice.customer", Rule(_("Devices for notifications")))
    declare("notifications.ContactCode.customer", stays(_("Codes that were sent")))
