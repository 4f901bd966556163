"""The one end of a visit, whoever comes first: the visitor, staff, the pause, or the job that finds what was left.

The visit is locked, then looked at again: of two ends at one moment the second finds it over and writes nothing. A
unique constraint on the record stands behind the lock. From the end on the visit opens nothing, and the session in
which its visitor had the screen is gone from the store: a cookie that comes back later is a stranger's.
"""

import datetime as dt
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from barnet.customers.enums import VisitEventKind
from barnet.customers.models import AssistedVisit, Customer, User, VisitEvent
from barnet.kit.logging import current_request_id

OnOver = Callable[[Customer, dt.datetime], object]
_on_over: list[OnOver] = []
GRACE = dt.timedelta(minutes=1)  # in which a browser that is still there ends its visit itself


def on_over(forget: OnOver) -> None:
    """`forget(customer, since)` runs when the visit of somebody without an account ends, in the same transaction."""
    _on_over.append(forget)


def end_left() -> str:
    """Visits whose browser was closed, or whose screen was left. Run every few minutes."""
    left = AssistedVisit.objects.left(timezone.now() - GRACE).order_by("begun_at").values_list("pk", flat=True)
    count = sum(end(pk, VisitEventKind.LEFT) for pk in left)
    return f"{count} visits"


@transaction.atomic
def end(visit_pk: int, how: VisitEventKind, *, actor: User | None = None) -> bool:
    """The record, what rooms keep, and the session of the visitor. False: it was over, or is none.

    Its moment is when it became worth nothing: earlier than now for one that was left.
    """
    visit = _locked(visit_pk)
    if visit is None or visit.ended_at:
        return False
    if how == VisitEventKind.LEFT and visit.worth_until > timezone.now():
        return False  # somebody came back while this waited for the lock
    note(visit, how, actor)
    if visit.screen_key:
        import_module(settings.SESSION_ENGINE).SessionStore().delete(visit.screen_key)
    visit.ended_at, visit.how_ended, visit.screen_key = min(timezone.now(), visit.worth_until), how, ""
    visit.save(update_fields=["ended_at", "how_ended", "screen_key"])
    if visit.customer.user_id is None:
        for forget in _on_over:
            forget(visit.customer, visit.begun_at)
    return True


def note(visit: AssistedVisit, kind: VisitEventKind, actor: User | None) -> None:
    VisitEvent.objects.create(visit=visit, kind=kind, actor=actor, request_id=current_request_id()[:64])


def _locked(visit_pk: int) -> AssistedVisit | None:
    visits = AssistedVisit.objects.select_for_update(of=("self",)).select_related("customer")
    return visits.filter(pk=visit_pk).first()
