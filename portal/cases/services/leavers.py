"""A member of staff leaves: their open cases go back to the queue of the team, and they leave their teams."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from barnet.customers.actors import Actor
from barnet.customers.models import User
from portal.cases.enums import EntryKind
from portal.cases.models import Absence, Case, SavedView, Team
from portal.cases.services.writing import lock_case, save, write_entry


@transaction.atomic
def hand_back_cases(leaver: User, *, actor: Actor) -> str:
    """The promises stay, and the customers are not told: the request is with the same team as before."""
    Team.members.through.objects.filter(user=leaver).delete()
    Absence.objects.filter(Q(person=leaver) | Q(cover=leaver)).delete()
    SavedView.objects.filter(owner=leaver).delete()
    held = list(Case.objects.open().filter(assignee=leaver).order_by("pk"))
    returned = sum(_hand_back(case, leaver, actor) for case in held)
    if not returned:
        return ""
    words = ngettext("%(count)d open request went back to its queue.", "%(count)d open requests went back.", returned)
    return words % {"count": returned}


def _hand_back(case: Case, leaver: User, actor: Actor) -> bool:
    case = lock_case(case)
    if case.assignee_id != leaver.pk or not case.is_open:
        return False
    case.assignee = None
    save(case, "assignee")
    words = _("Back in the queue: %(person)s no longer works here.") % {"person": leaver}
    write_entry(case, EntryKind.ASSIGNED, actor=actor, subject=case.customer, internal_text=words)
    return True
