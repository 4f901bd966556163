"""What becomes of this room's rows when two records of a customer are merged."""

from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.rules import Rule, declare


def declare_merging() -> None:
    declare("waste.AssistedCollection.customer", Rule(_("Help with bins")))
    declare("waste.Subscription.customer", Rule(_("Reminders of bins"), like=("address",)))
