"""Who read something, as the person whose it is reads it."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.customers.models import AccessRecord
from barnet.customers.staff.roles import ROLES
from barnet.kit.wording import moment

# What the record names by the number of a row. Others name a request, and are told as they are.
_READ = {
    "customer": gettext_lazy("Your record"),
    "household of customer": gettext_lazy("That you are registered at your address"),
    "contact": gettext_lazy("What was noted of a contact"),
    "message": gettext_lazy("A message to you"),
    "document": gettext_lazy("A document of yours"),
    "scan of document": gettext_lazy("The picture of a document of yours"),
    "evidence": gettext_lazy("The evidence of an authority"),
    "authority": gettext_lazy("Who may act for whom"),
}


def reading_in_words(record: AccessRecord) -> tuple[str, str, str]:
    """When, which role or other system, and why: the person's name is not told."""
    return moment(record.at), _reader(record), f"{_what(record)}: {record.purpose}"


def _what(record: AccessRecord) -> str:
    return str(_READ.get(re.sub(r" \d+$", "", record.what), record.what))


def _reader(record: AccessRecord) -> str:
    if record.actor is None:
        return _("Another system: %(name)s") % {"name": record.api_key}
    labels = {role.name: str(role.label) for role in ROLES.values()}
    roles = sorted(labels[group.name] for group in record.actor.groups.all() if group.name in labels)
    return ", ".join(roles) or _("Member of staff")
