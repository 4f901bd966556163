"""A broken promise is taken over by somebody who answers for it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.kit.languages import in_english
from barnet.kit.wording import day
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Case, Team
from portal.cases.services.telling import tell_followers, tell_reporter
from portal.cases.services.writing import lock_case, move, save, write_entry


@in_english()
@transaction.atomic
def escalate_case(case: Case, *, actor: Actor, team: Team | None, due_on: dt.date) -> bool:
    """Gives a late case to the leaders' team, once for a promise, and says so with a new day. The promise stays broken.

    False when there is nothing to escalate (any more). Without a team the case stays with whom it is.
    """
    case = lock_case(case)
    if case.escalated_at or not case.is_late(timezone.localdate()):
        return False
    case.escalated_at, case.escalation_due_on = timezone.now(), due_on
    had, fields = case.team, ["escalated_at", "escalation_due_on"]
    if team and team != case.team:
        case.team, case.assignee = team, None
        fields += ["team", "assignee"]
    if case.team_id and case.state == CaseState.RECEIVED:
        move(case, CaseState.ASSIGNED)
    save(case, *fields)
    entry = write_entry(
        case,
        EntryKind.ESCALATED,
        actor=actor,
        subject=case.customer,
        public_text=_(
            "We have not kept our promise of %(promise)s, and we are sorry. The team leader has taken over and deals "
            "with it by %(due)s."
        )
        % {"promise": day(case.promise_on), "due": day(due_on)},
        internal_text=_("Was with %(team)s.") % {"team": had or _("nobody")},
    )
    tell_reporter(case, entry, "case-escalated", due=due_on)
    tell_followers(case, entry, "follower-escalated", due=due_on)
    return True
