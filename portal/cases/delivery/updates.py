"""What a back office did with a request.

Guarantee: each update counts once, however often it comes; of one request they take turns; one that is older than what
we know already never overwrites it, and is kept as a note.

What is newer: the newest update that was applied, by the office's own time; and the last act of a person (staff or
customer) that changed the state. What the portal did by itself, such as an escalation, does not stand in the way.

An office may number its updates of a request: 1, 2, 3. Then one that overtook another on its way waits for it, for
PATIENCE; after that it is applied without, and the missing one is late if it still comes.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.kit.languages import in_english
from barnet.kit.wording import moment
from portal.cases.delivery.enums import DeliveryState, OfficeStatus, UpdateResult
from portal.cases.delivery.models import BackOffice, Delivery, OfficeUpdate
from portal.cases.enums import CaseState, EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case
from portal.cases.registry import kind_for
from portal.cases.services import add_note, hold_case, reopen_case, resolve_case, resume_case
from portal.cases.services.writing import lock_case, move, save, take_turn, write_entry

LONGEST = 1000
PATIENCE = dt.timedelta(minutes=10)
AT_ONCE = 200
AHEAD = dt.timedelta(minutes=5)  # that the clock of an office may be before ours


class UpdateRefusedError(Exception):
    """Nothing was kept. `str(error)` is a sentence for whoever wrote the other system."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Update:
    update_id: str
    reference: str  # ours
    at: dt.datetime
    status: OfficeStatus
    outcome: str = ""
    reason: str = ""  # the customer reads it
    note: str = ""  # for staff
    resumes_on: dt.date | None = None
    number: int | None = None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()


# --- reading ----------------------------------------------------------------------------------------------------------


def read_update(said: dict[str, Any]) -> Update:
    update_id, reference = _text(said, "update_id", most=100), _text(said, "reference", most=20)
    if not update_id or not reference:
        raise UpdateRefusedError("Send update_id and reference.")
    status = _text(said, "status", most=12)
    if status not in OfficeStatus.values:
        raise UpdateRefusedError(f"status is one of {', '.join(OfficeStatus.values)}.")
    return Update(
        update_id=update_id,
        reference=reference,
        at=_moment(_text(said, "at", most=40)),
        status=OfficeStatus(status),
        outcome=_text(said, "outcome", most=40),
        reason=_text(said, "reason"),
        note=_text(said, "note"),
        resumes_on=_day(_text(said, "resumes_on", most=10)),
        number=_number(said.get("number")),
    )


def _text(said: dict[str, Any], name: str, *, most: int = LONGEST) -> str:
    text = said.get(name, "")
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > most or "\x00" in text:
        raise UpdateRefusedError(f"{name} is a text of at most {most} characters.")
    return text.strip()


def _number(said: object) -> int | None:
    if said is None:
        return None
    if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= 1_000_000:
        raise UpdateRefusedError("number counts the updates of a request: 1, 2, 3.")
    return said


def _moment(text: str) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(text)
        if timezone.is_naive(at):
            raise ValueError(text)
        at = at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise UpdateRefusedError("at is a date and time with its zone, such as 2026-11-26T09:00:00+00:00.") from None
    if at > timezone.now() + AHEAD:
        raise UpdateRefusedError("at is in the future: set the clock of the office.")
    return at


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UpdateRefusedError("resumes_on is a date such as 2026-12-01.") from None


# --- applying ---------------------------------------------------------------------------------------------------------


@in_english()
@transaction.atomic
def apply_update(office: BackOffice, said: Update) -> tuple[OfficeUpdate, bool]:
    """The update, and whether we had it already. Raises UpdateRefusedError."""
    take_turn(f"office-update:{office.pk}:{said.update_id}")
    known = OfficeUpdate.objects.filter(office=office, update_id=said.update_id).first()
    if known:
        if known.fingerprint != said.fingerprint:
            raise UpdateRefusedError("This update_id was used for something else.", 409)
        return known, True
    case = lock_case(_case_of(office, said.reference))
    _check(case, said)
    if said.number and OfficeUpdate.objects.filter(office=office, case=case, number=said.number).exists():
        raise UpdateRefusedError("This number was used for another update of the request.", 409)
    update = OfficeUpdate.objects.create(
        office=office,
        update_id=said.update_id,
        case=case,
        at=said.at,
        status=said.status,
        result=UpdateResult.WAITING,
        fingerprint=said.fingerprint,
        number=said.number,
        said=_kept(said),
    )
    if said.number is None or said.number <= _next_number(office, case):
        _settle(update)
        _settle_those_after(office, case)
    return update, False


def apply_impatiently() -> str:
    """The periodic job: what has waited for PATIENCE goes on without the one before it."""
    waiting = OfficeUpdate.objects.filter(result=UpdateResult.WAITING, received_at__lt=timezone.now() - PATIENCE)
    pairs = list(waiting.order_by("received_at").values_list("office", "case").distinct()[:AT_ONCE])
    for office, case in pairs:
        _go_on_without(office, case)
    return f"{len(pairs)} requests"


@in_english()
@transaction.atomic
def _go_on_without(office: int, case: int) -> None:
    lock_case(Case(pk=case))
    waiting = OfficeUpdate.objects.filter(office=office, case=case, result=UpdateResult.WAITING)
    for update in waiting.select_related("office", "case__service").order_by("number"):
        _settle(update)


def _next_number(office: BackOffice, case: Case) -> int:
    settled = OfficeUpdate.objects.filter(office=office, case=case).exclude(result=UpdateResult.WAITING)
    return (settled.aggregate(last=Max("number"))["last"] or 0) + 1


def _settle_those_after(office: BackOffice, case: Case) -> None:
    waiting = OfficeUpdate.objects.filter(office=office, case=case, result=UpdateResult.WAITING)
    for update in waiting.select_related("office", "case__service").order_by("number"):
        if update.number and update.number > _next_number(office, case):
            return
        _settle(update)


def _settle(update: OfficeUpdate) -> None:
    """Under the lock of the case."""
    office, case, said = update.office, lock_case(update.case), read_update(update.said or {})
    last_entry = case.timeline.aggregate(last=Max("pk"))["last"] or 0
    update.result, update.said = _try(case, office, said), None
    update.save(update_fields=["result", "said"])
    told = Delivery.objects.filter(office=office, case=case, entry__gt=last_entry, state=DeliveryState.WAITING)
    told.update(state=DeliveryState.LEFT_OUT)  # the office knows what it told us


def _kept(said: Update) -> dict[str, Any]:
    """As `read_update` reads it."""
    return {name: value for name, value in json.loads(json.dumps(asdict(said), default=_iso)).items() if value}


def _iso(value: dt.date) -> str:
    return value.isoformat()


def _case_of(office: BackOffice, reference: str) -> Case:
    """One that the office was told of."""
    told = Delivery.objects.filter(office=office)
    case = Case.objects.filter(reference=reference, pk__in=told.values("case")).first()
    if case is None:
        raise UpdateRefusedError("We have told you of no request with this reference.", 404)
    return case


def _try(case: Case, office: BackOffice, said: Update) -> UpdateResult:
    if said.status == OfficeStatus.NOTE:
        _keep(case, office, said)
        return UpdateResult.APPLIED
    if _is_late(case, office, said):
        _keep(case, office, said, _("It came after something newer, so the request stays as it is."))
        return UpdateResult.LATE
    try:
        with transaction.atomic():
            _ACTS[said.status](case, office, said)
    except MoveRefusedError as refused:
        _keep(case, office, said, str(refused))
        return UpdateResult.KEPT
    if said.note:
        add_note(case, actor=Actor.system(), text=f"{office}: {said.note}")
    return UpdateResult.APPLIED


def _is_late(case: Case, office: BackOffice, said: Update) -> bool:
    """By its time; by its number, where an office has no clock finer than its work."""
    applied = OfficeUpdate.objects.filter(case=case, result=UpdateResult.APPLIED).exclude(status=OfficeStatus.NOTE)
    if said.number and applied.filter(office=office, number__gt=said.number).exists():
        return True
    newest = applied.aggregate(newest=Max("at"))["newest"]
    return any(known and said.at < known for known in (newest, _last_moved_by_a_person(case)))


def _last_moved_by_a_person(case: Case) -> dt.datetime | None:
    last, state = None, None
    for entry in case.timeline.order_by("at", "pk").only("at", "state", "right", "case"):
        if entry.state != state and entry.right != Right.SYSTEM:
            last = entry.at
        state = entry.state
    return last


def _check(case: Case, said: Update) -> None:
    """Refuses what the office could have known to be wrong."""
    if said.status == OfficeStatus.NOTE and not said.note:
        raise UpdateRefusedError("Send the note.")
    if said.status == OfficeStatus.ON_HOLD and not said.reason:
        raise UpdateRefusedError("Send the reason that the customer reads.")
    outcomes = kind_for(case.service.slug).outcomes
    if said.status == OfficeStatus.RESOLVED and said.outcome not in {outcome.code for outcome in outcomes}:
        raise UpdateRefusedError(f"outcome is one of {', '.join(one.code for one in outcomes if one.is_chosen)}.")


def _resolve(case: Case, office: BackOffice, said: Update) -> None:
    outcome = kind_for(case.service.slug).outcome(said.outcome)
    reason = said.reason or (str(outcome.default_reason) if outcome else "")
    resolve_case(case, actor=Actor.system(), outcome=said.outcome, public_reason=reason)


def _hold(case: Case, office: BackOffice, said: Update) -> None:
    resumes_on = said.resumes_on if said.resumes_on and said.resumes_on > timezone.localdate() else None
    hold_case(case, actor=Actor.system(), reason=said.reason, resumes_on=resumes_on)


def _go_on(case: Case, office: BackOffice, said: Update) -> None:
    actor = Actor.system()
    if case.is_paused:
        _begin(resume_case(case, actor=actor), office)
    elif case.state == CaseState.RESOLVED:
        reopen_case(case, actor=actor, why=said.reason or _("There is more to do."))
    else:
        _begin(case, office)


def _begin(case: Case, office: BackOffice) -> None:
    """Somebody there works on it. Told again, it says nothing new."""
    case = lock_case(case)
    if case.state == CaseState.ASSIGNED:
        return
    move(case, CaseState.ASSIGNED)
    save(case)
    write_entry(
        case,
        EntryKind.ASSIGNED,
        actor=Actor.system(),
        subject=case.customer,
        public_text=_("Your request is with %(team)s.") % {"team": office},
    )


_ACTS: dict[OfficeStatus, Callable[[Case, BackOffice, Update], None]] = {
    OfficeStatus.IN_PROGRESS: _go_on,
    OfficeStatus.ON_HOLD: _hold,
    OfficeStatus.RESOLVED: _resolve,
}


def _keep(case: Case, office: BackOffice, said: Update, why: str = "") -> None:
    words = [
        _("%(office)s told us: %(status)s, %(moment)s.")
        % {"office": office, "status": said.status.label, "moment": moment(said.at)},
        said.outcome,
        said.reason,
        said.note,
        why,
    ]
    add_note(case, actor=Actor.system(), text="\n".join(filter(None, words)))
