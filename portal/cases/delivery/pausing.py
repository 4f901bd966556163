"""Staff hold back what an office is told, and let it go on.

Guarantee: while an office is held, what happens is noted and no new call begins; what it tells us is taken as ever.
When it goes on, all that was noted leaves in order, each thing once: what is on its way at either moment is left to its
worker.
"""

from django.db import transaction
from django.utils import timezone

from barnet.customers.models import User
from portal.cases.delivery.enums import AttemptOutcome, DeliveryState
from portal.cases.delivery.models import BackOffice, Delivery, DeliveryAttempt
from portal.cases.delivery.office_models import OfficePause
from portal.cases.services.writing import take_turn


def is_held(office: BackOffice) -> bool:
    return OfficePause.objects.open().filter(office=office).exists()


@transaction.atomic
def hold_office(office: BackOffice, *, by: User, reason: str) -> tuple[OfficePause, bool]:
    """The pause, and whether it begins now: of two people who hold an office at once the first one's reason counts."""
    take_turn(_turn(office.pk))
    return OfficePause.objects.get_or_create(office=office, ended_at=None, defaults={"reason": reason, "began_by": by})


@transaction.atomic
def go_on(pause: OfficePause, *, by: User) -> bool:
    """Whether this pause was still there to be ended: one that began later is another."""
    take_turn(_turn(pause.office_id))
    if not OfficePause.objects.open().filter(pk=pause.pk).update(ended_at=timezone.now(), ended_by=by):
        return False
    _hurry(pause.office_id)
    return True


def _hurry(office: int) -> None:
    """What had failed before does not wait for its next attempt: the reason of the pause may have been just that. The
    attempts are read when the rows are locked, so that nothing that a worker has in hand is made due."""
    later = Delivery.objects.filter(office=office, state=DeliveryState.WAITING, due_at__gt=timezone.now())
    locked = list(later.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    chosen = Delivery.objects.filter(pk__in=locked).exclude(pk__in=_on_their_way(locked))
    chosen.update(due_at=timezone.now())


def _on_their_way(deliveries: list[int]) -> set[int]:
    started = DeliveryAttempt.objects.filter(outcome=AttemptOutcome.STARTED, delivery__in=deliveries)
    return set(started.values_list("delivery", flat=True))


def _turn(office: int) -> str:
    return f"office-pause:{office}"
