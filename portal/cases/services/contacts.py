"""The contact log: what somebody told us that did not become a request of its own."""

from django.db import transaction

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from portal.cases.models import Case, Contact


@transaction.atomic
def log_contact(
    *,
    actor: Actor,
    subject: Customer | None,
    summary: str,
    submission_key: str,
    service: Service | None = None,
    case: Case | None = None,
) -> Contact:
    """Writes one line. The same filled form twice writes it once."""
    contact, _created = Contact.objects.get_or_create(
        submission_key=submission_key,
        defaults={
            "channel": actor.channel,
            "right": actor.right,
            "actor": actor.user,
            "subject": subject,
            "service": service or (case.service if case else None),
            "case": case,
            "summary": summary[:300],
        },
    )
    return contact
