"""Staff help somebody in person, hand them the screen, and take it back; at the end nothing of them is left.

Each step writes one line of the record, in the transaction of the step. What a room keeps for somebody without an
account who leaves (a form that was begun) ends with the visit, by what it registers with `on_over`.
"""

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from barnet.customers.acting_for.serving import may_serve, start_serving
from barnet.customers.assisting import screen
from barnet.customers.enums import Channel, VisitEventKind
from barnet.customers.models import AssistedVisit, Customer, User, VisitEvent
from barnet.kit.logging import current_request_id

OnOver = Callable[[Customer, dt.datetime], object]
_on_over: list[OnOver] = []


def on_over(forget: OnOver) -> None:
    """`forget(customer, since)` runs when the visit of somebody without an account ends, in the same transaction."""
    _on_over.append(forget)


def visit_here(request: HttpRequest) -> AssistedVisit | None:
    """The visit in this browser that is not over, whoever has the screen."""
    key = screen.visit_key(request)
    if key is None:
        return None
    return AssistedVisit.objects.select_related("customer").filter(pk=key, ended_at=None).first()


@transaction.atomic
def begin(request: HttpRequest, customer: Customer, *, purpose: str, submission_key: str) -> AssistedVisit:
    """The same form twice begins one visit. One that was still open in this browser ends."""
    user = _helper(request)
    visit, is_new = AssistedVisit.objects.get_or_create(
        submission_key=submission_key, defaults={"customer": customer, "helper": user, "purpose": purpose[:100]}
    )
    earlier = screen.visit_key(request)
    if earlier and earlier != visit.pk:
        over(request, VisitEventKind.ENDED)
    if is_new:
        _note(visit, VisitEventKind.BEGUN, user)
    screen.remember(request, visit.pk)
    start_serving(request, visit.customer, Channel.FACE_TO_FACE)
    return visit


@transaction.atomic
def hand_over(request: HttpRequest) -> AssistedVisit | None:
    """Staff are signed out here. None: there is no visit, or its visitor has the screen already."""
    visit = visit_here(request)
    if visit is None or screen.handed_over_key(request):
        return None
    _note(visit, VisitEventKind.HANDED_OVER, _helper(request))
    screen.hand_over(request, visit.pk)
    return visit


@transaction.atomic
def take_back(request: HttpRequest) -> AssistedVisit | None:
    """By staff who have just signed in again: the helper, or a colleague."""
    user, visit = _helper(request), visit_here(request)
    if visit is None:
        return None
    if screen.handed_over_key(request):
        _note(visit, VisitEventKind.TAKEN_BACK, user)
        screen.take_back(request, visit.pk)
    start_serving(request, visit.customer, Channel.FACE_TO_FACE)
    return visit


@transaction.atomic
def over(request: HttpRequest, how: VisitEventKind) -> None:
    """The record, and what rooms keep. The caller wipes the session and the browser."""
    key = screen.visit_key(request)
    if key is None:
        return
    visit = AssistedVisit.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=key).first()
    if visit is None or visit.ended_at:
        return
    visit.ended_at = timezone.now()
    visit.save(update_fields=["ended_at"])
    _note(visit, how, request.user if isinstance(request.user, User) else None)
    if visit.customer.user_id is None:
        for forget in _on_over:
            forget(visit.customer, visit.begun_at)


def _helper(request: HttpRequest) -> User:
    if not may_serve(request):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def _note(visit: AssistedVisit, kind: VisitEventKind, actor: User | None) -> None:
    VisitEvent.objects.create(visit=visit, kind=kind, actor=actor, request_id=current_request_id()[:64])
