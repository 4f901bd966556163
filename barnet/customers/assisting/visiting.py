"""Staff help somebody in person, hand them the screen, and take it back; at the end nothing of them is left.

Each step writes one line of the record, in the transaction of the step. How it ends: `ending`.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from barnet.customers.acting_for.serving import may_serve, start_serving
from barnet.customers.assisting import ending, screen
from barnet.customers.enums import Channel, VisitEventKind
from barnet.customers.models import AssistedVisit, Customer, User


def visit_here(request: HttpRequest) -> AssistedVisit | None:
    """The visit in this browser that is not over, whoever has the screen."""
    key = screen.visit_key(request)
    return AssistedVisit.objects.going_on(key).select_related("customer").first() if key else None


def goes_on(request: HttpRequest, *, is_use: bool) -> bool:
    """Whether the visit of this browser does. `is_use`: somebody did something, so that it does for longer."""
    key = screen.visit_key(request)
    if key is None:
        return False
    visits = AssistedVisit.objects.going_on(key)
    return visits.update(used_at=timezone.now()) == 1 if is_use else visits.exists()


@transaction.atomic
def begin(
    request: HttpRequest, customer: Customer, *, purpose: str, submission_key: str, place: str = ""
) -> AssistedVisit:
    """The same form twice begins one visit. One that was still open in this browser ends."""
    user = _helper(request)
    said = {"purpose": purpose[:100], "place": place[:120], "has_account": customer.user_id is not None}
    visit, is_new = AssistedVisit.objects.get_or_create(
        submission_key=submission_key, defaults={"customer": customer, "helper": user, **said}
    )
    earlier = screen.visit_key(request)
    if earlier and earlier != visit.pk:
        over(request, VisitEventKind.ENDED)
    if is_new:
        ending.note(visit, VisitEventKind.BEGUN, user)
    screen.remember(request, visit.pk)
    start_serving(request, visit.customer, Channel.FACE_TO_FACE)
    return visit


@transaction.atomic
def hand_over(request: HttpRequest) -> AssistedVisit | None:
    """Staff are signed out here. None: there is no visit, or its visitor has the screen already."""
    visit = _locked_here(request)
    if visit is None or screen.handed_over_key(request):
        return None
    ending.note(visit, VisitEventKind.HANDED_OVER, _helper(request))
    visit.screen_key, visit.used_at = screen.hand_over(request, visit.pk), timezone.now()
    visit.save(update_fields=["screen_key", "used_at"])
    return visit


@transaction.atomic
def take_back(request: HttpRequest) -> AssistedVisit | None:
    """By staff who have just signed in again: the helper, or a colleague."""
    user, visit = _helper(request), _locked_here(request)
    if visit is None:
        return None
    if screen.handed_over_key(request):
        ending.note(visit, VisitEventKind.TAKEN_BACK, user)
        screen.take_back(request, visit.pk)
        visit.screen_key = ""
        visit.save(update_fields=["screen_key"])
    start_serving(request, visit.customer, Channel.FACE_TO_FACE)
    return visit


def over(request: HttpRequest, how: VisitEventKind) -> None:
    """The record, and what rooms keep. The caller wipes the session and the browser."""
    key = screen.visit_key(request)
    if key is not None:
        ending.end(key, how, actor=request.user if isinstance(request.user, User) else None)


def _locked_here(request: HttpRequest) -> AssistedVisit | None:
    """Before anything is written: it may end at the same moment."""
    key = screen.visit_key(request)
    if key is None:
        return None
    visits = AssistedVisit.objects.going_on(key).select_for_update(of=("self",))
    return visits.select_related("customer").first()


def _helper(request: HttpRequest) -> User:
    if not may_serve(request):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user
