"""From the outbox to the back offices.

Guarantee: what was written with a timeline reaches the office at least once, under one key, or stands in the list of
what was given up; and for one request in the order in which it happened.

Each step is a commit of its own, and any number of workers may run them at once:

1. settle   An attempt that nobody ended and whose worker is gone counts as lost. It is made again under the same key.
2. take     The next delivery that is due and is the first of its request that is not done, of an office that nobody
            holds. A row that another worker has is skipped. The attempt is written, and `due_at` moved on, before
            anything is sent.
3. call     The office answers, or does not.
4. record   Sent; or due again after a longer pause; or given up. Until somebody decides about what was given up, the
            rest of that request waits: an office never hears the end before the beginning.
"""

import datetime as dt
import time
from collections.abc import Collection

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from barnet.customers.models import User
from barnet.kit.connections import living_connections, own_connection
from portal.cases.delivery.enums import NOT_DONE, AttemptOutcome, DeliveryState
from portal.cases.delivery.kinds import NotToldError, RefusedError, UnavailableError, kind_named, kinds
from portal.cases.delivery.models import Delivery, DeliveryAttempt, OfficeCase
from portal.cases.delivery.office_models import OfficePause

PAUSES = [
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=8),
    dt.timedelta(hours=24),
]
MAX_ATTEMPTS = len(PAUSES) + 1
LONGEST_ATTEMPT = dt.timedelta(minutes=2)  # a worker that still holds it then is taken for gone
SECONDS = 45  # that one run goes on at most: the next comes in a minute

log = structlog.get_logger("portal.cases.delivery")


def send_waiting(*, seconds: float = SECONDS) -> str:
    """The periodic job. An office that does not answer at all is left alone until the next run."""
    settle_interrupted()
    until, silent, sent, failed = time.monotonic() + seconds, set[int](), 0, 0
    while time.monotonic() < until:
        attempt = take(silent)
        if attempt is None:
            break
        try:
            is_sent = _call(attempt)
        except UnavailableError:
            silent.add(attempt.delivery.office_id)
            is_sent = False
        sent, failed = sent + is_sent, failed + (not is_sent)
    return f"{sent} sent, {failed} failed" if sent or failed else "nothing to send"


# --- 1. settle --------------------------------------------------------------------------------------------------------


def settle_interrupted() -> int:
    """The attempts are read before the connections: the other way round a new one would look orphaned."""
    open_ones = list(DeliveryAttempt.objects.filter(outcome=AttemptOutcome.STARTED).select_related("delivery"))
    if not open_ones:
        return 0
    alive, too_old = living_connections(), timezone.now() - LONGEST_ATTEMPT
    gone = [one for one in open_ones if one.taker not in alive or one.started_at < too_old]
    for attempt in gone:
        record_failure(attempt, "The worker stopped while it was sending.", outcome=AttemptOutcome.LOST)
    return len(gone)


# --- 2. take ----------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def take(silent: Collection[int] = ()) -> DeliveryAttempt | None:
    now = timezone.now()
    delivery = _due(now).exclude(office__in=silent).first()
    if delivery is None:
        return None
    Delivery.objects.filter(pk=delivery.pk).update(attempt_count=F("attempt_count") + 1, due_at=now + LONGEST_ATTEMPT)
    delivery.attempt_count += 1
    return DeliveryAttempt.objects.create(delivery=delivery, taker=own_connection(), started_at=now)


def _due(now: dt.datetime) -> QuerySet[Delivery]:
    before = Delivery.objects.filter(
        office=OuterRef("office"), case=OuterRef("case"), pk__lt=OuterRef("pk"), state__in=NOT_DONE
    )
    held = OfficePause.objects.open().filter(office=OuterRef("office"))
    return (
        Delivery.objects.filter(~Exists(before), ~Exists(held), state=DeliveryState.WAITING, due_at__lte=now)
        .filter(office__is_active=True)
        .exclude(office__kind__in=[kind.name for kind in kinds() if kind.is_gathered])
        .select_related("office", "entry", "case__service", "case__address", "case__customer__user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_at", "pk")
    )


# --- 3. call ----------------------------------------------------------------------------------------------------------


def _call(attempt: DeliveryAttempt) -> bool:
    """Raises UnavailableError, after it was recorded, when the office does not answer at all."""
    delivery = attempt.delivery
    bound = {"office": delivery.office.slug, "case": delivery.case.reference, "delivery": str(delivery.key)}
    with structlog.contextvars.bound_contextvars(**bound):
        try:
            reference = kind_named(delivery.office.kind).hand_over(delivery)
        except NotToldError:
            record_sent(attempt, state=DeliveryState.LEFT_OUT)
            return True
        except RefusedError as refused:
            record_failure(attempt, str(refused), is_final=True)
        except UnavailableError as later:
            record_failure(attempt, str(later), wait=later.wait)
            if later.is_silent:
                raise
        except Exception as error:  # whatever a kind does, the delivery stays
            log.exception("delivery failed")
            record_failure(attempt, f"{type(error).__name__}: {error}")
        else:
            record_sent(attempt, reference)
            return True
    return False


# --- 4. record --------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def record_sent(attempt: DeliveryAttempt, reference: str = "", *, state: DeliveryState = DeliveryState.SENT) -> None:
    """The office has it, or hears nothing of the kind: true even when somebody took us for gone meanwhile."""
    now = timezone.now()
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=attempt.delivery_id)
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(outcome=AttemptOutcome.SENT, ended_at=now, error="")
    if delivery.state in NOT_DONE:
        delivery.state, delivery.last_error = state, ""
        delivery.sent_at = now if state == DeliveryState.SENT else None
        delivery.save(update_fields=["state", "sent_at", "last_error"])
    if reference:
        OfficeCase.objects.update_or_create(
            office_id=delivery.office_id, case_id=delivery.case_id, defaults={"reference": reference}
        )


@transaction.atomic(durable=True)
def record_failure(
    attempt: DeliveryAttempt,
    reason: str,
    *,
    outcome: AttemptOutcome = AttemptOutcome.FAILED,
    is_final: bool = False,
    wait: dt.timedelta | None = None,
) -> None:
    """Closes an open attempt; one that was closed meanwhile stays as it is."""
    now, reason = timezone.now(), reason.replace("\x00", "")[:300]
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=attempt.delivery_id)
    closed = DeliveryAttempt.objects.filter(pk=attempt.pk, outcome=AttemptOutcome.STARTED).update(
        outcome=outcome, ended_at=now, error=reason
    )
    if not closed or delivery.state != DeliveryState.WAITING:
        return
    delivery.last_error = reason
    if is_final or delivery.attempt_count >= MAX_ATTEMPTS:
        delivery.state = DeliveryState.GIVEN_UP
        log.error("delivery given up", delivery=str(delivery.key), attempts=delivery.attempt_count)
    else:
        pause = dt.timedelta() if outcome == AttemptOutcome.LOST else PAUSES[delivery.attempt_count - 1]
        delivery.due_at = now + max(pause, wait or pause)
    delivery.save(update_fields=["state", "due_at", "last_error"])


# --- what staff decide ------------------------------------------------------------------------------------------------


@transaction.atomic
def replay(deliveries: QuerySet[Delivery]) -> int:
    """Given up: try again from the start of the pauses. The office sees the same keys."""
    chosen = deliveries.filter(state=DeliveryState.GIVEN_UP)
    return chosen.update(state=DeliveryState.WAITING, due_at=timezone.now(), attempt_count=0)


@transaction.atomic
def leave_out(deliveries: QuerySet[Delivery], *, by: User | None = None, note: str = "") -> int:
    """The office shall not have it: what comes after it for the same request goes on. `note`: what was done instead."""
    return deliveries.filter(state=DeliveryState.GIVEN_UP).update(
        state=DeliveryState.LEFT_OUT, settled_at=timezone.now(), settled_by=by, settled_note=note
    )
