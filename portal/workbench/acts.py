"""What staff can do to a case: when it makes sense, who may, which form asks, which service does it.

`ACTS` is the one list: buttons on the case page, addresses and permissions all come from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import User
from portal.cases import services
from portal.cases.enums import PAUSED_STATES, RUNNING_STATES, CaseState, CaseUrgency
from portal.cases.models import Case
from portal.cases.registry import kind_for
from portal.cases.services.relating import DUPLICATE
from portal.workbench.forms.acts import (
    ActForm,
    AnswerForm,
    AskForm,
    AssignForm,
    DelayForm,
    EraseForm,
    HoldForm,
    MergeForm,
    MessageForm,
    NoteForm,
    PhotoForm,
    RecategoriseForm,
    RelateForm,
    ReopenForm,
    ResolveForm,
    ResumeForm,
    SplitForm,
    TellForm,
    UnrelateForm,
    UrgencyForm,
    WithdrawForm,
)
from portal.workbench.services import resolve_with_photo

WORK, ASSIGN, SERVE, ERASE = "cases.work_case", "cases.assign_case", "customers.serve_customer", "cases.erase_words"
Perform = Callable[[Case, User, Any], object]


@dataclass(frozen=True)
class Act:
    """`permissions`: any one of them is enough. `done`: what the person reads afterwards."""

    slug: str
    label: str | Promise
    button: str | Promise
    done: str | Promise
    form_class: type[ActForm]
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


def _served(user: User, form: ActForm) -> Actor:
    return Actor.staff(user, Channel(form.cleaned_data["channel"]))


def _assign(case: Case, user: User, form: AssignForm) -> object:
    team, person = form.team_and_person()
    return services.assign_case(
        case,
        actor=Actor.staff(user),
        team=team,
        assignee=person,
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def _take(case: Case, user: User, form: ActForm) -> object:
    return services.take_case(case, actor=Actor.staff(user), version=form.cleaned_data["version"])


def _ask(case: Case, user: User, form: AskForm) -> object:
    return services.ask_customer(
        case,
        actor=Actor.staff(user),
        question=form.cleaned_data["question"],
        version=form.cleaned_data["version"],
    )


def _tell(case: Case, user: User, form: TellForm) -> object:
    return services.tell_case(
        case, actor=Actor.staff(user), text=form.cleaned_data["text"], version=form.cleaned_data["version"]
    )


def _answer(case: Case, user: User, form: AnswerForm) -> object:
    return services.answer_question(
        case, actor=_served(user, form), answer=form.cleaned_data["answer"], version=form.cleaned_data["version"]
    )


def _resume(case: Case, user: User, form: ResumeForm) -> object:
    return services.resume_case(
        case, actor=Actor.staff(user), note=form.cleaned_data["note"], version=form.cleaned_data["version"]
    )


def _hold(case: Case, user: User, form: HoldForm) -> object:
    return services.hold_case(
        case,
        actor=Actor.staff(user),
        reason=form.cleaned_data["reason"],
        resumes_on=form.cleaned_data["resumes_on"],
        version=form.cleaned_data["version"],
    )


def _delay(case: Case, user: User, form: DelayForm) -> object:
    return services.delay_case(
        case,
        actor=Actor.staff(user),
        expected_on=form.cleaned_data["expected_on"],
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
    )


def _recategorise(case: Case, user: User, form: RecategoriseForm) -> object:
    return services.recategorise_case(
        case,
        actor=Actor.staff(user),
        service=form.cleaned_data["service"],
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def _reprioritise(case: Case, user: User, form: UrgencyForm) -> object:
    return services.reprioritise_case(
        case,
        actor=Actor.staff(user),
        urgency=CaseUrgency(form.cleaned_data["urgency"]),
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def _resolve(case: Case, user: User, form: ResolveForm) -> object:
    return resolve_with_photo(
        case,
        actor=Actor.staff(user),
        outcome=form.cleaned_data["outcome"],
        public_reason=form.reason(),
        photo=form.cleaned_data["photo"],
        version=form.cleaned_data["version"],
    )


def _reopen(case: Case, user: User, form: ReopenForm) -> object:
    return services.reopen_case(
        case, actor=_served(user, form), why=form.cleaned_data["why"], version=form.cleaned_data["version"]
    )


def _withdraw(case: Case, user: User, form: WithdrawForm) -> object:
    return services.withdraw_case(
        case, actor=_served(user, form), why=form.cleaned_data["why"], version=form.cleaned_data["version"]
    )


def _note(case: Case, user: User, form: NoteForm) -> object:
    return services.add_note(case, actor=Actor.staff(user), text=form.cleaned_data["text"])


def _message(case: Case, user: User, form: MessageForm) -> object:
    return services.write_message(case, actor=Actor.staff(user), text=form.cleaned_data["text"])


def _photo(case: Case, user: User, form: PhotoForm) -> object:
    return services.attach_photo(
        case,
        actor=Actor.staff(user),
        photo=form.cleaned_data["photo"],
        is_public=form.cleaned_data["is_public"],
        caption=form.cleaned_data["caption"],
    )


def _relate(case: Case, user: User, form: RelateForm) -> object:
    return services.relate_cases(case, to=form.cleaned_data["reference"], actor=Actor.staff(user))


def _unrelate(case: Case, user: User, form: UnrelateForm) -> object:
    return services.unrelate_cases(case, to=form.cleaned_data["other"], actor=Actor.staff(user))


def _merge(case: Case, user: User, form: MergeForm) -> object:
    return services.merge_case(
        case, into=form.cleaned_data["reference"], actor=Actor.staff(user), version=form.cleaned_data["version"]
    )


def _part(case: Case, user: User, form: ActForm) -> object:
    return services.part_case(case, actor=Actor.staff(user), version=form.cleaned_data["version"])


def _split(case: Case, user: User, form: SplitForm) -> object:
    return services.split_case(
        case,
        actor=Actor.staff(user),
        service=form.cleaned_data["service"],
        title=form.cleaned_data["title"],
        text=form.cleaned_data["text"],
        version=form.cleaned_data["version"],
    )


def _erase(case: Case, user: User, form: EraseForm) -> object:
    return services.erase_words(
        case,
        actor=Actor.staff(user),
        words=form.cleaned_data["words"],
        why=form.cleaned_data["why"],
        version=form.cleaned_data["version"],
    )


ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act(
            "take",
            _("Take it"),
            _("Take it"),
            _("It is yours."),
            ActForm,
            (WORK,),
            _is_open,
            _take,
            shortcut="t",
            is_at_once=True,
        ),
        Act(
            "assign",
            _("Give to a team or a person"),
            _("Give"),
            _("Given. They see it in their queue now."),
            AssignForm,
            (ASSIGN,),
            _is_open,
            _assign,
            shortcut="g",
        ),
        Act(
            "resolve",
            _("Resolve"),
            _("Resolve and tell the customer"),
            _("Resolved. The customer is told now."),
            ResolveForm,
            (WORK,),
            _is_open,
            _resolve,
            has_file=True,
            replies_into="public_reason",
            shortcut="r",
        ),
        Act(
            "ask",
            _("Ask the customer"),
            _("Send the question"),
            _("The question is on its way. The promise stands still until they answer."),
            AskForm,
            (WORK,),
            _is(*RUNNING_STATES),
            _ask,
            replies_into="question",
            shortcut="a",
        ),
        Act(
            "hold",
            _("Put on hold"),
            _("Put on hold and tell the customer"),
            _("On hold. The customer is told, and the promise stands still."),
            HoldForm,
            (WORK,),
            _is(*RUNNING_STATES),
            _hold,
        ),
        Act(
            "delay",
            _("Say that it takes longer"),
            _("Tell the customer"),
            _("The customer is told when to expect it."),
            DelayForm,
            (WORK,),
            _is(*RUNNING_STATES),
            _delay,
            replies_into="reason",
        ),
        Act(
            "tell",
            _("Write to the customer"),
            _("Send it"),
            _("It is on its way."),
            TellForm,
            (WORK,),
            _is_open,
            _tell,
            replies_into="text",
            shortcut="w",
        ),
        Act(
            "answer",
            _("Record the customer’s answer"),
            _("Record the answer"),
            _("The answer is recorded and work goes on."),
            AnswerForm,
            (WORK, SERVE),
            _is(CaseState.WAITING),
            _answer,
        ),
        Act(
            "resume",
            _("Go on with it"),
            _("Go on"),
            _("Work goes on. The customer is told."),
            ResumeForm,
            (WORK,),
            _is(*PAUSED_STATES),
            _resume,
        ),
        Act(
            "reopen",
            _("Open again: it is not fixed"),
            _("Open again"),
            _("Opened again, with a new promise. The customer is told."),
            ReopenForm,
            (WORK, SERVE),
            _is(CaseState.RESOLVED),
            _reopen,
        ),
        Act(
            "recategorise",
            _("Move to another service"),
            _("Move it"),
            _("Moved. The customer is told, and pauses are kept."),
            RecategoriseForm,
            (ASSIGN,),
            _can_move,
            _recategorise,
        ),
        Act(
            "urgency",
            _("Change how urgent it is"),
            _("Change"),
            _("Changed."),
            UrgencyForm,
            (WORK,),
            _is_open,
            _reprioritise,
        ),
        Act(
            "message",
            _("Write to the customer"),
            _("Send the message"),
            _("Sent. The customer reads it at the request."),
            MessageForm,
            (WORK,),
            _can_read,
            _message,
        ),
        Act(
            "note",
            _("Add a note"),
            _("Add the note"),
            _("The note is added."),
            NoteForm,
            (WORK,),
            _always,
            _note,
            shortcut="o",
        ),
        Act(
            "photo",
            _("Add a photo"),
            _("Add the photo"),
            _("The photo is added."),
            PhotoForm,
            (WORK,),
            _always,
            _photo,
            has_file=True,
        ),
        Act(
            "relate",
            _("Link a related request"),
            _("Link it"),
            _("Linked."),
            RelateForm,
            (WORK,),
            _always,
            _relate,
        ),
        Act(
            "unrelate",
            _("Take a link away"),
            _("Take it away"),
            _("The link is gone."),
            UnrelateForm,
            (WORK,),
            _always,
            _unrelate,
            is_button=False,
        ),
        Act(
            "merge",
            _("It is a duplicate"),
            _("Put together and tell the customer"),
            _("Put together. Everybody who reported it is told."),
            MergeForm,
            (ASSIGN,),
            _can_move,
            _merge,
        ),
        Act(
            "part",
            _("It is no duplicate after all"),
            _("Take apart and tell the customer"),
            _("Taken apart. The customer is told."),
            ActForm,
            (ASSIGN,),
            _is_duplicate,
            _part,
        ),
        Act(
            "split",
            _("Make a part a request of its own"),
            _("Make it and tell the customer"),
            _("The new request is made, and linked below."),
            SplitForm,
            (ASSIGN,),
            _is_open,
            _split,
        ),
        Act(
            "erase",
            _("Erase personal data"),
            _("Erase"),
            _("Erased. That it happened, and why, stays."),
            EraseForm,
            (ERASE,),
            _always,
            _erase,
        ),
        Act(
            "withdraw",
            _("Withdraw for the customer"),
            _("Withdraw"),
            _("Withdrawn. The customer is told."),
            WithdrawForm,
            (WORK, SERVE),
            _is_open,
            _withdraw,
        ),
    )
}
