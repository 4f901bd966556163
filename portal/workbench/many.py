"""What staff can do to many requests at once: `MANY` is the one list, as `ACTS` is for one request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case
from portal.cases.registry import kind_for
from portal.cases.selectors import fill_reply
from portal.cases.services import Rehearsal, assign_case, resolve_case, tell_case
from portal.cases.services.many import Perform
from portal.workbench.forms.many import AssignManyForm, ManyForm, ResolveManyForm, TellManyForm

WORK = "cases.work_case"  # besides the right to give many


@dataclass(frozen=True)
class ManyAct:
    slug: str
    label: str | Promise
    form_class: type[ManyForm]
    perform: Callable[[Any, User], Perform]
    permission: str = ""

    def is_allowed(self, user: User) -> bool:
        return not self.permission or user.has_perm(self.permission)


def many_for(user: User) -> list[ManyAct]:
    return [act for act in MANY.values() if act.is_allowed(user)]


def _assign(form: AssignManyForm, user: User) -> Perform:
    team, person = form.team_and_person()
    actor, note = Actor.staff(user), form.cleaned_data["note"]
    return lambda case, version: assign_case(case, actor=actor, team=team, assignee=person, note=note, version=version)


def _tell(form: TellManyForm, user: User) -> Perform:
    actor, words = Actor.staff(user), form.words()
    return lambda case, version: tell_case(case, actor=actor, text=fill_reply(words, form.use, case), version=version)


def _resolve(form: ResolveManyForm, user: User) -> Perform:
    actor, words, code = Actor.staff(user), form.words(), form.cleaned_data["outcome"]

    def perform(case: Case, version: int | None) -> object:
        outcomes = {outcome.code: outcome for outcome in kind_for(case.service.slug).outcomes_of(case)}
        if code not in outcomes or not outcomes[code].is_chosen:
            raise MoveRefusedError(_lazy("A request like this one does not end so."))
        reason = fill_reply(words, form.use, case) if words else str(outcomes[code].default_reason)
        return resolve_case(case, actor=actor, outcome=code, public_reason=reason, version=version)

    return perform


MANY: dict[str, ManyAct] = {
    act.slug: act
    for act in (
        ManyAct("assign", _lazy("Give to a team or a person"), AssignManyForm, _assign),
        ManyAct("tell", _lazy("Write to the customers"), TellManyForm, _tell, WORK),
        ManyAct("resolve", _lazy("Resolve"), ResolveManyForm, _resolve, WORK),
    )
}


# --- What each customer will receive ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """What one person is about to receive, and by which ways."""

    who: str
    ways: str
    subject: str
    body: str


def readings_of(rehearsal: Rehearsal, *, sees_customer: bool) -> list[Reading]:
    by_person: dict[tuple[int | None, str], list[Message]] = {}
    for message in rehearsal.messages:
        person = (message.customer_id, "" if message.customer_id else message.address)
        by_person.setdefault(person, []).append(message)
    return [_reading(messages, sees_customer) for messages in by_person.values()]


def _reading(messages: list[Message], sees_customer: bool) -> Reading:
    first = messages[0]
    who = str(first.customer or first.address) if sees_customer else _("The customer")
    ways = _distinct(str(MessageChannel(message.channel).label) for message in messages)
    return Reading(who, ", ".join(ways), first.subject, first.body)


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
