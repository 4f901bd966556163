from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.rules import Rule, declare


def declare_merging() -> None:
    declare("documents.Document.customer", Rule(_("Documents that we have seen")))
