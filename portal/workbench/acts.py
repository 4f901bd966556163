"""What staff can do to a case: when it makes sense, who may, which form asks, which service does it.

`ACTS` is the one list: buttons on the case page, addresses and permissions all come from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from portal.cases.enums import PAUSED_STATES, RUNNING_STATES, CaseState
from portal.cases.models import Case
from portal.cases.registry import kind_for
from portal.cases.services.relating import DUPLICATE
from portal.workbench import performing
from portal.workbench.forms import acts as forms

WORK, ASSIGN, SERVE, ERASE = "cases.work_case", "cases.assign_case", "customers.serve_customer", "cases.erase_words"
Perform = Callable[[Case, User, Any], object]


@dataclass(frozen=True)
class Act:
    """`permissions`: any one of them is enough. `done`: what the person reads afterwards."""

    slug: str
    label: str | Promise
    button: str | Promise
    done: str | Promise
    form_class: type[forms.ActForm]
    permissions: tuple[str, ...]
    is_possible: Callable[[Case], bool]
    perform: Perform
    has_file: bool = False
    replies_into: str = ""  # the box that a ready reply fills
    shortcut: str = ""  # the access key of its button
    is_button: bool = True  # on the page of the request
    is_at_once: bool = False  # nothing is asked: the button on the page of the request does it

    def is_allowed(self, user: User) -> bool:
        return any(user.has_perm(permission) for permission in self.permissions)


def acts_for(case: Case, user: User) -> list[Act]:
    acts = [act for act in ACTS.values() if act.is_possible(case) and act.is_allowed(user)]
    acts = [act for act in acts if act.is_button]
    return [act for act in acts if act.slug != "take" or case.assignee != user]


def _always(case: Case) -> bool:
    return True


def _is_open(case: Case) -> bool:
    return case.is_open


def _can_read(case: Case) -> bool:
    return bool(case.customer_id or case.contact_email)


def _can_move(case: Case) -> bool:
    return case.is_open and not kind_for(case.service.slug).is_bound


def _is(*states: CaseState) -> Callable[[Case], bool]:
    return lambda case: case.state in states


def _is_duplicate(case: Case) -> bool:
    return case.state == CaseState.RESOLVED and case.outcome == DUPLICATE


ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act(
            "take",
            _("Take it"),
            _("Take it"),
            _("It is yours."),
            forms.ActForm,
            (WORK,),
            _is_open,
            performing.take,
            shortcut="t",
            is_at_once=True,
        ),
        Act(
            "assign",
            _("Give to a team or a person"),
            _("Give"),
            _("Given. They see it in their queue now."),
            forms.AssignForm,
            (ASSIGN,),
            _is_open,
            performing.assign,
            shortcut="g",
        ),
        Act(
            "resolve",
            _("Resolve"),
            _("Resolve and tell the customer"),
            _("Resolved. The customer is told now."),
            forms.ResolveForm,
            (WORK,),
            _is_open,
            performing.resolve,
            has_file=True,
            replies_into="public_reason",
            shortcut="r",
        ),
        Act(
            "ask",
            _("Ask the customer"),
            _("Send the question"),
            _("The question is on its way. The promise stands still until they answer."),
            forms.AskForm,
            (WORK,),
            _is(*RUNNING_STATES),
            performing.ask,
            replies_into="question",
            shortcut="a",
        ),
        Act(
            "hold",
            _("Put on hold"),
            _("Put on hold and tell the customer"),
            _("On hold. The customer is told, and the promise stands still."),
            forms.HoldForm,
            (WORK,),
            _is(*RUNNING_STATES),
            performing.hold,
        ),
        Act(
            "delay",
            _("Say that it takes longer"),
            _("Tell the customer"),
            _("The customer is told when to expect it."),
            forms.DelayForm,
            (WORK,),
            _is(*RUNNING_STATES),
            performing.delay,
            replies_into="reason",
        ),
        Act(
            "tell",
            _("Write to the customer"),
            _("Send it"),
            _("It is on its way."),
            forms.TellForm,
            (WORK,),
            _is_open,
            performing.tell,
            replies_into="text",
            shortcut="w",
        ),
        Act(
            "answer",
            _("Record the customer’s answer"),
            _("Record the answer"),
            _("The answer is recorded and work goes on."),
            forms.AnswerForm,
            (WORK, SERVE),
            _is(CaseState.WAITING),
            performing.answer,
        ),
        Act(
            "resume",
            _("Go on with it"),
            _("Go on"),
            _("Work goes on. The customer is told."),
            forms.ResumeForm,
            (WORK,),
            _is(*PAUSED_STATES),
            performing.resume,
        ),
        Act(
            "reopen",
            _("Open again: it is not fixed"),
            _("Open again"),
            _("Opened again, with a new promise. The customer is told."),
            forms.ReopenForm,
            (WORK, SERVE),
            _is(CaseState.RESOLVED),
            performing.reopen,
        ),
        Act(
            "recategorise",
            _("Move to another service"),
            _("Move it"),
            _("Moved. The customer is told, and pauses are kept."),
            forms.RecategoriseForm,
            (ASSIGN,),
            _can_move,
            performing.recategorise,
        ),
        Act(
            "urgency",
            _("Change how urgent it is"),
            _("Change"),
            _("Changed."),
            forms.UrgencyForm,
            (WORK,),
            _is_open,
            performing.reprioritise,
        ),
        Act(
            "message",
            _("Write in the messages"),
            _("Send the message"),
            _("Sent. The customer reads it at the request."),
            forms.MessageForm,
            (WORK,),
            _can_read,
            performing.message,
            has_file=True,
        ),
        Act(
            "note",
            _("Add a note"),
            _("Add the note"),
            _("The note is added."),
            forms.NoteForm,
            (WORK,),
            _always,
            performing.note,
            shortcut="o",
        ),
        Act(
            "photo",
            _("Add a photo"),
            _("Add the photo"),
            _("The photo is added."),
            forms.PhotoForm,
            (WORK,),
            _always,
            performing.photo,
            has_file=True,
        ),
        Act(
            "file",
            _("Add a file"),
            _("Add the file"),
            _("The file is added."),
            forms.FileForm,
            (WORK,),
            _always,
            performing.file,
            has_file=True,
        ),
        Act(
            "relate",
            _("Link a related request"),
            _("Link it"),
            _("Linked."),
            forms.RelateForm,
            (WORK,),
            _always,
            performing.relate,
        ),
        Act(
            "unrelate",
            _("Take a link away"),
            _("Take it away"),
            _("The link is gone."),
            forms.UnrelateForm,
            (WORK,),
            _always,
            performing.unrelate,
            is_button=False,
        ),
        Act(
            "not-the-same",
            _("It is not the same"),
            _("It is not the same"),
            _("Noted. They are not suggested any more."),
            forms.DistinguishForm,
            (WORK,),
            _always,
            performing.distinguish,
            is_button=False,
        ),
        Act(
            "merge",
            _("It is a duplicate"),
            _("Put together and tell the customer"),
            _("Put together. Everybody who reported it is told."),
            forms.MergeForm,
            (ASSIGN,),
            _can_move,
            performing.merge,
        ),
        Act(
            "part",
            _("It is no duplicate after all"),
            _("Take apart and tell the customer"),
            _("Taken apart. The customer is told."),
            forms.ActForm,
            (ASSIGN,),
            _is_duplicate,
            performing.part,
        ),
        Act(
            "split",
            _("Make a part a request of its own"),
            _("Make it and tell the customer"),
            _("The new request is made, and linked below."),
            forms.SplitForm,
            (ASSIGN,),
            _is_open,
            performing.split,
        ),
        Act(
            "erase",
            _("Erase personal data"),
            _("Erase"),
            _("Erased. That it happened, and why, stays."),
            forms.EraseForm,
            (ERASE,),
            _always,
            performing.erase,
        ),
        Act(
            "withdraw",
            _("Withdraw for the customer"),
            _("Withdraw"),
            _("Withdrawn. The customer is told."),
            forms.WithdrawForm,
            (WORK, SERVE),
            _is_open,
            performing.withdraw,
        ),
    )
}
