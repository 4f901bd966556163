"""How long it is kept who read whose record."""

import pgtrigger
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import AccessRecord
from barnet.kit.retention import Kind, register


def register_retention() -> None:
    register(
        Kind(
            key="access-records",
            name=_("Who read whose record"),
            action=_("The record is deleted."),
            days=6 * 365,
            reason=_("A misuse of personal data may be sued for within six years (Limitation Act 1980)."),
            legal_basis=_("Accountability (UK GDPR article 5(2)); legal claims (article 17(3)(e))"),
            age="at",
            find=AccessRecord.objects.all,
            apply=_delete,
        )
    )


def _delete(rows: QuerySet[AccessRecord]) -> int:
    """The one way in which access records end: a trigger refuses every other."""
    with pgtrigger.ignore("customers.AccessRecord:append_only"):
        return rows.delete()[0]
