"""What is read in a conversation, and who waits for an answer."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from barnet.customers.enums import Right
from portal.cases.enums import EntryKind
from portal.cases.models import Case, CaseQuerySet, TimelineEntry

SPOKEN_KINDS = [EntryKind.MESSAGE, EntryKind.ASKED, EntryKind.ANSWERED]


class Line(NamedTuple):
    pk: int
    at: dt.datetime
    who: str
    text: str
    is_ours: bool


def lines(case: Case, *, after: int = 0, for_staff: bool = False) -> list[Line]:
    """What was said, the oldest first: messages, questions and answers. Customers read the council, staff each other's
    names."""
    rows = case.timeline.filter(kind__in=SPOKEN_KINDS, pk__gt=after).exclude(public_text="")
    return [_line(case, row, for_staff) for row in rows.select_related("actor").order_by("pk")]


def _line(case: Case, entry: TimelineEntry, for_staff: bool) -> Line:
    is_ours = entry.right == Right.STAFF
    if is_ours:
        who = str(entry.actor) if for_staff else settings.COUNCIL_NAME
    elif entry.right == Right.DELEGATE:
        who = _("%(person)s, with authority") % {"person": entry.actor}
    else:
        who = (str(case.customer) if case.customer else case.contact_name or _("Customer")) if for_staff else _("You")
    return Line(entry.pk, entry.at, who, entry.public_text, is_ours)


def waiting() -> CaseQuerySet:
    """Requests in which the customer had the last word, whoever waits longest first."""
    rows = Case.objects.filter(wrote_at__isnull=False)
    return rows.select_related("service", "customer", "team", "assignee").order_by("wrote_at", "pk")
