"""The contact log: what somebody told us that did not become a request of its own."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from portal.cases.models import Case, Contact, ContactPerson, ContactReason


@dataclass(frozen=True)
class Noted:
    """What staff note of a contact besides its words. `is_avoidable` None: as is usual for its reason."""

    reason: ContactReason
    outcome: str  # a ContactOutcome
    is_settled: bool
    is_avoidable: bool | None = None
    caller: str = ""

    def fields(self) -> dict[str, object]:
        return {
            "reason": self.reason,
            "outcome": self.outcome,
            "is_settled": self.is_settled,
            "is_avoidable": self.reason.is_avoidable if self.is_avoidable is None else self.is_avoidable,
            "caller": self.caller[:150],
        }


@transaction.atomic
def log_contact(
    *,
    actor: Actor,
    subject: Customer | None,
    summary: str,
    submission_key: str,
    service: Service | None = None,
    case: Case | None = None,
    noted: Noted | None = None,
) -> Contact:
    """Writes one line. The same filled form twice writes it once. Without a subject it is an unknown caller's."""
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
            **(noted.fields() if noted else {}),
        },
    )
    return contact


@transaction.atomic
def name_caller(contact: Contact, *, customer: Customer, by: User) -> ContactPerson:
    """Says whose contact it was. Saying it anew puts it right; a contact that was somebody's from the start stays."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if locked.subject_id is not None:
        raise ValueError("This contact has always been somebody's.")
    return ContactPerson.objects.update_or_create(
        contact=locked, defaults={"customer": customer, "named_by": by, "named_at": timezone.now()}
    )[0]
