"""The record that staff or another system read somebody's data: once for a request, however often its code asks."""

from collections.abc import Iterable

import structlog

from barnet.customers.models import AccessRecord, ApiKey, Customer, User


def record(*, actor: User | ApiKey, customer: Customer | None, what: str, purpose: str) -> None:
    record_all(actor=actor, read=[(customer, what)], purpose=purpose)


def record_all(*, actor: User | ApiKey, read: Iterable[tuple[Customer | None, str]], purpose: str) -> None:
    """One line for everything that a list showed, in one query."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    who = {"api_key": actor} if isinstance(actor, ApiKey) else {"actor": actor}
    rows = [
        AccessRecord(customer=customer, what=what[:60], purpose=purpose[:100], request_id=str(request_id)[:64], **who)
        for customer, what in read
    ]
    AccessRecord.objects.bulk_create(rows, ignore_conflicts=True)
