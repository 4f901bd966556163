"""Special-category answers: about health, belief, origin and the like. Staff see them by right, for a reason that they
give, and for a quarter of an hour; each page that shows them leaves a record with that reason."""

import datetime as dt
from typing import Any as Anything

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from barnet.customers.models import User
from barnet.customers.services import record_access
from portal.cases.models import Case
from portal.smartforms.definition.conditions import tests_of
from portal.smartforms.definition.model import Calculation, DataClass, Definition

RIGHT = "smartforms.read_special_answer"
OPEN_FOR = dt.timedelta(minutes=15)
_SESSION = "special_answers"
_MOST = 10  # requests that one session has open


def open_for(request: HttpRequest, case: Case, *, reason: str) -> None:
    """The session remembers the reason; the right is looked up again by each page."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(RIGHT):
        raise PermissionDenied
    others = {key: kept for key, kept in _open(request).items() if key != case.reference}
    until = (timezone.now() + OPEN_FOR).isoformat()
    kept = [*others.items(), (case.reference, {"reason": reason, "until": until})][-_MOST:]
    request.session[_SESSION] = dict(kept)


def shut(request: HttpRequest, case: Case) -> None:
    request.session[_SESSION] = {key: kept for key, kept in _open(request).items() if key != case.reference}


def open_until(request: HttpRequest, case: Case) -> dt.datetime | None:
    """Until when this session shows them, None when it does not."""
    user, kept = request.user, _open(request).get(case.reference)
    if kept is None or not isinstance(user, User) or not user.has_perm(RIGHT):
        return None
    return dt.datetime.fromisoformat(kept["until"])


def record_reading(request: HttpRequest, case: Case) -> None:
    """For a page that shows some; while they are open."""
    reason = _open(request)[case.reference]["reason"]
    what = f"special-category answers of {case.reference}"
    record_access(actor=request.user, customer=case.customer, what=what, purpose=reason)  # type: ignore[arg-type]


def _open(request: HttpRequest) -> dict[str, dict[str, Anything]]:
    kept, now = request.session.get(_SESSION, {}), timezone.now()
    return {key: row for key, row in kept.items() if dt.datetime.fromisoformat(row["until"]) > now}


def told_by(definition: Definition) -> set[str]:
    """Keys of the calculations that say something of a special-category answer: they are as private as it is."""
    private = {path for path, question in definition.questions.items() if question.data_class is DataClass.SPECIAL}
    found: set[str] = set()
    while True:
        known = private | found
        more = {row.key for row in definition.calculations if _abouts(row) & known} - found
        if not more:
            return found
        found |= more


def _abouts(row: Calculation) -> set[str]:
    rules = [*(line.when for line in row.rows), *(line.when for line in row.fees)]
    conditions = {test.about for rule in rules for test in tests_of(rule)}
    return {row.about, row.per, *(term.about for term in row.terms), *conditions}
