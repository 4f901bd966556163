"""Who read something, as the person whose it is reads it."""

from django.utils.translation import gettext as _

from barnet.customers.models import AccessRecord
from barnet.customers.staff.roles import ROLES
from barnet.kit.wording import moment


def reading_in_words(record: AccessRecord) -> tuple[str, str, str]:
    """When, which role or other system, and why: the person's name is not told."""
    return moment(record.at), _reader(record), f"{record.what}: {record.purpose}"


def _reader(record: AccessRecord) -> str:
    if record.actor is None:
        return _("Another system: %(name)s") % {"name": record.api_key}
    labels = {role.name: str(role.label) for role in ROLES.values()}
    roles = sorted(labels[group.name] for group in record.actor.groups.all() if group.name in labels)
    return ", ".join(roles) or _("Member of staff")
