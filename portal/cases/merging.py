"""What becomes of this room's rows when two records of a customer are merged."""

from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.rules import Rule, declare, stays


def declare_merging() -> None:
    declare("cases.Case.customer", Rule(_("Requests")))
    declare("cases.Follower.customer", Rule(_("Requests that they joined"), like=("case", "email")))
    declare("cases.ContactPerson.customer", Rule(_("Contacts in which they were named later")))
    declare("cases.Contact.subject", stays(_("Contacts")))
    declare("cases.TimelineEntry.subject", stays(_("What happened to requests")))
