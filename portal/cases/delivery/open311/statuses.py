"""What a status of the office means for a request of ours. One that nobody knows is a note for staff."""

import re
from dataclasses import dataclass

from portal.cases.delivery.enums import OfficeStatus
from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.open311.options import OPEN
from portal.cases.registry import kind_for

_DONE = f"{OfficeStatus.RESOLVED}:done"
# The standard's two, FixMyStreet's, and what others write. What ends a request without its being done has no outcome
# that fits every service: an operator says which, and until then a person decides.
_USUAL = {
    "open": OPEN,
    "confirmed": OPEN,
    "received": OPEN,
    "new": OPEN,
    "reopen": OPEN,
    "reopened": OPEN,
    "in_progress": OfficeStatus.IN_PROGRESS,
    "investigating": OfficeStatus.IN_PROGRESS,
    "action_scheduled": OfficeStatus.IN_PROGRESS,
    "planned": OfficeStatus.IN_PROGRESS,
    "on_hold": OfficeStatus.ON_HOLD,
    "closed": _DONE,
    "completed": _DONE,
    "fixed": _DONE,
    "fixed_council": _DONE,
    "fixed_user": _DONE,
}


@dataclass(frozen=True)
class Meaning:
    status: OfficeStatus
    outcome: str = ""


def meaning_of(office: BackOffice, service_slug: str, said: str, before: str) -> Meaning:
    """`before`: what the office last said of it, other than notes. Only a change there is a change here: it may say
    the same again with words that staff here wrote meanwhile, and must not undo what they did with it."""
    means, _colon, outcome = _looked_up(office, said).partition(":")
    if means == OPEN:
        means = OfficeStatus.IN_PROGRESS if before in {OfficeStatus.RESOLVED, OfficeStatus.ON_HOLD} else ""
    if not means or means == before:
        return Meaning(OfficeStatus.NOTE)
    if means == OfficeStatus.RESOLVED and kind_for(service_slug).outcome(outcome) is None:
        return Meaning(OfficeStatus.NOTE)
    return Meaning(OfficeStatus(means), outcome)


def _looked_up(office: BackOffice, said: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")
    return str(office.options.get(f"status.{name}", _USUAL.get(name, "")))


def is_known(office: BackOffice, said: str) -> bool:
    return bool(_looked_up(office, said))
