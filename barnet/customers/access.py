"""The record that a member of staff read somebody's data: once for a request, however often its code asks."""

from collections.abc import Iterable

import structlog

from barnet.customers.models import AccessRecord, Customer, User


def record(*, actor: User, customer: Customer | None, what: str, purpose: str) -> None:
    record_all(actor=actor, read=[(customer, what)], purpose=purpose)


def record_all(*, actor: User, read: Iterable[tuple[Customer | None, str]], purpose: str) -> None:
    """One line for everything that a list showed, in one query."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    rows = [
        AccessRecord(
            actor=actor, customer=customer, what=what[:60], purpose=purpose[:100], request_id=str(request_id)[:64]
        )
        for customer, what in read
    ]
    AccessRecord.objects.bulk_create(rows, ignore_conflicts=True)
