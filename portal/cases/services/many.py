"""One act on many requests, each in a transaction of its own: what is refused is named, the others go through.

`rehearse` does the very same and takes it back, so that what people are shown beforehand is what they will receive.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from barnet.customers.models import User
from barnet.notifications.models import Message
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import BulkAct, BulkActResult, Case
from portal.cases.services.telling import events_of

Perform = Callable[[Case, int | None], object]  # the case, and the version that the person saw


@dataclass(frozen=True)
class Rehearsal:
    """What would become of one request. `refusal` is empty when it would be done; then `messages` would go out."""

    case: Case
    refusal: str
    messages: list[Message]


class _TakenBackError(Exception):
    """Ends a rehearsal."""


def rehearse(cases: Iterable[Case], *, versions: Mapping[int, int], perform: Perform) -> list[Rehearsal]:
    return [_rehearse(case, versions.get(case.pk), perform) for case in cases]


def _rehearse(case: Case, version: int | None, perform: Perform) -> Rehearsal:
    refusal, messages = "", []
    try:
        with transaction.atomic():
            last = case.timeline.order_by("-pk").values_list("pk", flat=True).first() or 0
            perform(case, version)
            messages = _messages(case, last)
            raise _TakenBackError
    except _TakenBackError:
        pass
    except (MoveRefusedError, StaleCaseError) as refused:
        refusal = str(refused)
    return Rehearsal(case, refusal, messages)


def _messages(case: Case, last: int) -> list[Message]:
    """Of everything that the timeline got since."""
    new = case.timeline.filter(pk__gt=last).values_list("pk", flat=True)
    found: list[Message] = []
    for event in events_of(case, new):
        found += Message.objects.filter(idempotency_key__startswith=f"{event}:").select_related("customer")
    return found


def do_many(
    cases: Iterable[Case], *, act: str, actor: User, submission_key: str, versions: Mapping[int, int], perform: Perform
) -> BulkAct:
    """The same key again does what is not done yet, and repeats nothing."""
    bulk_act, _created = BulkAct.objects.get_or_create(
        submission_key=submission_key, defaults={"act": act, "actor": actor}
    )
    for case in cases:
        _do_one(bulk_act, case, versions.get(case.pk), perform)
    return bulk_act


@transaction.atomic
def _do_one(bulk_act: BulkAct, case: Case, version: int | None, perform: Perform) -> None:
    result, is_new = BulkActResult.objects.get_or_create(bulk_act=bulk_act, case=case)
    if not is_new:
        return
    try:
        with transaction.atomic():
            perform(case, version)
    except (MoveRefusedError, StaleCaseError) as refused:
        result.refusal = str(refused)[:300]
        result.save(update_fields=["refusal"])
