"""What becomes of our requests at an office that speaks Open311: we ask, it does not call.

Guarantee: each update counts once, and none that is older than what we know moves a request (`delivery.updates`). What
was read of an office is noted only when all of it was kept, and each question reaches back over what was asked before:
so nothing is lost when we stop in the middle, or when an update is written there later than it happened.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import structlog
from django.db.models import F, Min, Q
from django.utils import timezone

from portal.cases.delivery.enums import DeliveryState, OfficeStatus
from portal.cases.delivery.kinds import RefusedError, UnavailableError
from portal.cases.delivery.models import BackOffice, Delivery, OfficeCase, OfficeUpdate
from portal.cases.delivery.open311.options import chosen
from portal.cases.delivery.open311.protocol import Row, get, moment, text, written
from portal.cases.delivery.open311.statuses import is_known, meaning_of
from portal.cases.delivery.open311.telling import ask_reference
from portal.cases.delivery.updates import LONGEST, Update, UpdateRefusedError, apply_update
from portal.cases.enums import OPEN_STATES

OVERLAP = dt.timedelta(hours=2)
OVERLAP_ONCE_A_DAY = dt.timedelta(hours=26)
MOST_DAYS = dt.timedelta(days=89)  # the standard: at most 90
WATCHED = dt.timedelta(days=30)  # that a request is looked at after it ended here: it may be opened again there
FULL = 1000  # an answer of so many rows may have been cut
AT_ONCE = 50
_NO_SUCH_CALL = {404, 405}

log = structlog.get_logger("portal.cases.delivery")


@dataclass(frozen=True)
class Told:
    """A row of an answer."""

    reference: str  # theirs
    update_id: str
    status: str
    at: dt.datetime
    words: str


def hear_offices() -> str:
    """The periodic job. An office that does not answer holds up no other one."""
    counts = {"updates": 0, "offices without an answer": 0}
    for office in BackOffice.objects.filter(kind="open311", is_active=True):
        with structlog.contextvars.bound_contextvars(office=office.slug):
            try:
                counts["updates"] += hear(office)
            except (RefusedError, UnavailableError) as error:
                counts["offices without an answer"] += 1
                log.error("office not heard", reason=str(error)[:300])
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count or what == "updates")


def hear(office: BackOffice) -> int:
    """How many updates were new. Raises RefusedError, UnavailableError."""
    _ask_references(office)
    read = chosen(office, "read")
    if read == "updates":
        try:
            return _hear_updates(office)
        except RefusedError as refused:
            if refused.status not in _NO_SUCH_CALL:
                raise
    return _look_at_requests(office) if read != "no" else 0


def _ask_references(office: BackOffice) -> None:
    """Of requests that were answered with a token. What was said of them meanwhile is asked for once more."""
    for known in OfficeCase.objects.filter(~Q(token=""), office=office, reference="").order_by("pk"):
        try:
            found = ask_reference(known)
        except RefusedError as refused:
            log.warning("token not known", case=known.case_id, reason=str(refused)[:300])
            continue
        if found:
            told = Delivery.objects.filter(office=office, case=known.case_id, state=DeliveryState.SENT)
            since = told.aggregate(first=Min("sent_at"))["first"] or timezone.now()
            BackOffice.objects.filter(pk=office.pk, heard_until__gt=since).update(heard_until=since)
    office.refresh_from_db(fields=["heard_until"])


# --- updates ----------------------------------------------------------------------------------------------------------


def _hear_updates(office: BackOffice) -> int:
    now, since, count = timezone.now(), _since(office), 0
    until = now + dt.timedelta(seconds=1)  # a whole second, not before now
    while True:
        rows = get(office, "servicerequestupdates", start_date=written(since), end_date=written(until))
        told = sorted((one for row in rows if (one := _update_told(row))), key=lambda one: one.at)
        count += _keep(office, told)
        if len(rows) < FULL or not told or (last := told[-1].at.replace(microsecond=0)) <= since:
            break
        since = last
    if len(rows) >= FULL:
        log.error("an office says more in one second than it answers at once", since=written(since))
    BackOffice.objects.filter(pk=office.pk).update(heard_until=now)
    return count


def _since(office: BackOffice) -> dt.datetime:
    """Once a day further back, for what an office writes down late."""
    now, until = timezone.now(), office.heard_until
    if until is None:
        first = Delivery.objects.filter(office=office).aggregate(first=Min("made_at"))["first"] or now
        return max(first - OVERLAP, now - MOST_DAYS)
    is_first_today = timezone.localdate(until) != timezone.localdate(now)
    return max(until - (OVERLAP_ONCE_A_DAY if is_first_today else OVERLAP), now - MOST_DAYS)


def _update_told(row: Row) -> Told | None:
    reference, at = text(row, "service_request_id"), moment(row, "updated_datetime")
    if not reference or at is None:
        return None
    status, words = text(row, "status"), text(row, "description")
    update_id = text(row, "update_id") or _hash(reference, status, at.isoformat(), words)
    return Told(reference, update_id, status, at, words)


# --- requests ---------------------------------------------------------------------------------------------------------


def _look_at_requests(office: BackOffice) -> int:
    watched = OfficeCase.objects.filter(office=office).exclude(reference="")
    watched = watched.filter(
        Q(case__state__in=OPEN_STATES) | Q(case__resolved_at__gte=timezone.now() - WATCHED)
    ).order_by("pk")
    rows = list(watched)
    return sum(_look(office, rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))


def _look(office: BackOffice, watched: list[OfficeCase]) -> int:
    """A request whose status and notes are as they were is not news."""
    rows = get(office, "requests", service_request_id=",".join(one.reference for one in watched))
    last = {one.reference: one.told for one in watched}
    count = 0
    for row in rows:
        reference, status, words = (text(row, name) for name in ("service_request_id", "status", "status_notes"))
        seen = _hash(status, words)
        if reference not in last or seen == last[reference]:
            continue
        said = text(row, "updated_datetime")
        at = moment(row, "updated_datetime") or timezone.now()
        count += _keep(office, [Told(reference, _hash(reference, said, status, words), status, at, words)])
        OfficeCase.objects.filter(office=office, reference=reference).update(told=seen)
    return count


# --- keeping ----------------------------------------------------------------------------------------------------------


def _keep(office: BackOffice, told: Iterable[Told]) -> int:
    """In the order in which it happened. What is not ours, and what we have already, is passed over."""
    rows = list(told)
    ours = OfficeCase.objects.filter(office=office, reference__in={one.reference for one in rows})
    by_reference = defaultdict(list)
    for known in ours.select_related("case__service").order_by("pk"):
        by_reference[known.reference].append(known)
    found = [(known, one, update_id) for one in rows for known, update_id in _of(by_reference[one.reference], one)]
    ids = [update_id for _known, _one, update_id in found]
    had = set(OfficeUpdate.objects.filter(office=office, update_id__in=ids).values_list("update_id", flat=True))
    return sum(_take(office, known, one, update_id) for known, one, update_id in found if update_id not in had)


def _of(knowns: list[OfficeCase], told: Told) -> Iterator[tuple[OfficeCase, str]]:
    """Two requests of ours may be one there."""
    for number, known in enumerate(knowns):
        name = f"{told.update_id}:{known.case.reference}" if number else told.update_id
        yield known, name if len(name) <= 100 else _hash(name)


def _take(office: BackOffice, known: OfficeCase, told: Told, update_id: str) -> bool:
    update = _as_update(office, known, told, update_id)
    if update is None:
        return False
    try:
        _update, is_repeated = apply_update(office, update)
    except UpdateRefusedError as refused:
        log.warning("update not kept", update=update_id, case=known.case.reference, reason=str(refused))
        return False
    return not is_repeated


def _as_update(office: BackOffice, known: OfficeCase, told: Told, update_id: str) -> Update | None:
    """Nothing, when it says only what we know: that the request is there."""
    words = told.words[:LONGEST]
    before = (
        OfficeUpdate.objects.filter(office=office, case=known.case, at__lte=told.at)
        .exclude(status=OfficeStatus.NOTE)
        .order_by(F("at").desc(), F("pk").desc())
        .values_list("status", flat=True)
        .first()
    )
    meaning = meaning_of(office, known.case.service.slug, told.status, before or "")
    status = meaning.status
    if status == OfficeStatus.ON_HOLD and not words:
        status = OfficeStatus.NOTE  # a customer is told why
    update = Update(update_id=update_id, reference=known.case.reference, at=told.at, status=status)
    if status == OfficeStatus.NOTE:
        if not words and is_known(office, told.status):
            return None
        return replace(update, note=": ".join(filter(None, [told.status, words]))[:LONGEST] or "?")
    if status == OfficeStatus.IN_PROGRESS:
        return replace(update, note=words)
    return replace(update, outcome=meaning.outcome, reason=words)


def _hash(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
