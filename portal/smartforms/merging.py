"""What becomes of this room's rows when two records of a customer are merged."""

from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.rules import Rule, declare


def declare_merging() -> None:
    declare("smartforms.Draft.customer", Rule(_("Forms that were begun")))
    declare("smartforms.Submission.subject", Rule(_("Forms that were sent")))
