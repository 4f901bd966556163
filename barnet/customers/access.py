"""The record that a member of staff read somebody's data: once for a request, however often its code asks."""

import structlog

from barnet.customers.models import AccessRecord, Customer, User


def record(*, actor: User, customer: Customer | None, what: str, purpose: str) -> None:
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    row = AccessRecord(
        actor=actor, customer=customer, what=what[:60], purpose=purpose[:100], request_id=str(request_id)[:64]
    )
    AccessRecord.objects.bulk_create([row], ignore_conflicts=True)
