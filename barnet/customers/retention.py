"""How long it is kept who read whose record, and what happened to accounts."""

import pgtrigger
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import AccessRecord, SecurityEvent
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
    register(
        Kind(
            key="security-events",
            name=_("What happened to accounts, and what was tried on them"),
            action=_("The record is deleted."),
            days=2 * 365,
            reason=_("A take-over may be found out late; after two years nothing is left to be put right."),
            legal_basis=_("Security of processing (UK GDPR article 32)"),
            age="at",
            find=SecurityEvent.objects.all,
            apply=_delete_events,
        )
    )


def _delete(rows: QuerySet[AccessRecord]) -> int:
    """The one way in which access records end: a trigger refuses every other."""
    with pgtrigger.ignore("customers.AccessRecord:append_only"):
        return rows.delete()[0]


def _delete_events(rows: QuerySet[SecurityEvent]) -> int:
    with pgtrigger.ignore("customers.SecurityEvent:append_only"):
        return rows.delete()[0]
