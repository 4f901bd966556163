"""Addresses that the list does not have: reported by whoever typed them, decided by the gazetteer team.

Guarantees: what refers to a typed address has at most one report waiting; a report is decided once; a decision reaches
everything that waits with the same words.
"""

import re

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.lines import searchable
from barnet.gazetteer.models import Address, ReportedAddress
from barnet.gazetteer.postcodes import parse_postcode
from barnet.gazetteer.registry import address_settled
from barnet.gazetteer.selectors import find_addresses

logger = structlog.get_logger(__name__)
POSTCODE_AT_END = re.compile(r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s*[0-9][A-Za-z]{2}\W*$")


class AlreadyDecidedError(Exception):
    """Somebody else was faster."""


@transaction.atomic
def report_address(typed: str, *, about: str) -> ReportedAddress | None:
    """Note that `about` has an address which the list does not know; None when there is nothing to look at. Typed again
    for the same thing, it takes the place of what waits."""
    typed = typed.strip()[:300]
    if not typed:
        return None
    match = POSTCODE_AT_END.search(typed)
    nearest = next(iter(find_addresses(typed, limit=1)), None)
    said = {"typed": typed, "postcode": (parse_postcode(match[0]) or "") if match else "", "nearest": nearest}
    report, _made = ReportedAddress.objects.update_or_create(
        about=about, state=ReportState.NEW, defaults=said, create_defaults=said
    )
    return report


@transaction.atomic
def report_by_visitor(typed: str, *, submission_key: str) -> None:
    """Somebody tells of an address that we lack, and leaves no name. The same filled form counts once, and so does an
    address that another visitor told of and nobody has looked at yet."""
    about = f"visitor:{submission_key}"
    told = ReportedAddress.objects.filter(about__startswith="visitor:")
    if not told.filter(Q(about=about) | Q(typed=typed.strip()[:300], state=ReportState.NEW)).exists():
        report_address(typed, about=about)


def withdraw_report(*about: str) -> None:
    """What referred to a typed address has one of ours now, or none: nobody needs to look at it."""
    ReportedAddress.objects.filter(about__in=about, state=ReportState.NEW).delete()


@transaction.atomic
def settle_report(pk: int, *, state: ReportState, by: str, address: Address | None = None, reason: str = "") -> int:
    """Decide it, and all that wait with the same words; how many rows now refer to the address. Raises
    AlreadyDecidedError."""
    waiting = ReportedAddress.objects.select_for_update().filter(state=ReportState.NEW).order_by("pk")
    report = waiting.filter(pk=pk).first()
    if report is None:
        raise AlreadyDecidedError
    same = [other for other in waiting if searchable(other.typed) == searchable(report.typed)]
    rows = 0
    for each in same:
        each.state, each.address, each.reason, each.decided_by = state, address, reason[:300], by[:100]
        each.decided_at = timezone.now()
        each.save()
        rows += address_settled(each.about, each.typed, address) if address else 0
    logger.info("reported_address_settled", report=pk, state=str(state), reports=len(same), rows=rows)
    return rows
