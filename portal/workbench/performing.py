"""What an act on a request calls, with the answers of its form. `acts.ACTS` says when, who and in which words."""

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import User
from portal.cases import services
from portal.cases.enums import CaseUrgency
from portal.cases.models import Case
from portal.workbench.forms import acts as forms
from portal.workbench.services import resolve_with_photo


def _served(user: User, form: forms.ActForm) -> Actor:
    return Actor.staff(user, Channel(form.cleaned_data["channel"]))


def assign(case: Case, user: User, form: forms.AssignForm) -> object:
    team, person = form.team_and_person()
    return services.assign_case(
        case,
        actor=Actor.staff(user),
        team=team,
        assignee=person,
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def take(case: Case, user: User, form: forms.ActForm) -> object:
    return services.take_case(case, actor=Actor.staff(user), version=form.cleaned_data["version"])


def ask(case: Case, user: User, form: forms.AskForm) -> object:
    return services.ask_customer(
        case,
        actor=Actor.staff(user),
        question=form.cleaned_data["question"],
        version=form.cleaned_data["version"],
    )


def tell(case: Case, user: User, form: forms.TellForm) -> object:
    return services.tell_case(
        case, actor=Actor.staff(user), text=form.cleaned_data["text"], version=form.cleaned_data["version"]
    )


def answer(case: Case, user: User, form: forms.AnswerForm) -> object:
    return services.answer_question(
        case, actor=_served(user, form), answer=form.cleaned_data["answer"], version=form.cleaned_data["version"]
    )


def resume(case: Case, user: User, form: forms.ResumeForm) -> object:
    return services.resume_case(
        case, actor=Actor.staff(user), note=form.cleaned_data["note"], version=form.cleaned_data["version"]
    )


def hold(case: Case, user: User, form: forms.HoldForm) -> object:
    return services.hold_case(
        case,
        actor=Actor.staff(user),
        reason=form.cleaned_data["reason"],
        resumes_on=form.cleaned_data["resumes_on"],
        version=form.cleaned_data["version"],
    )


def delay(case: Case, user: User, form: forms.DelayForm) -> object:
    return services.delay_case(
        case,
        actor=Actor.staff(user),
        expected_on=form.cleaned_data["expected_on"],
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
    )


def recategorise(case: Case, user: User, form: forms.RecategoriseForm) -> object:
    return services.recategorise_case(
        case,
        actor=Actor.staff(user),
        service=form.cleaned_data["service"],
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def reprioritise(case: Case, user: User, form: forms.UrgencyForm) -> object:
    return services.reprioritise_case(
        case,
        actor=Actor.staff(user),
        urgency=CaseUrgency(form.cleaned_data["urgency"]),
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )


def resolve(case: Case, user: User, form: forms.ResolveForm) -> object:
    return resolve_with_photo(
        case,
        actor=Actor.staff(user),
        outcome=form.cleaned_data["outcome"],
        public_reason=form.reason(),
        photo=form.cleaned_data["photo"],
        version=form.cleaned_data["version"],
    )


def reopen(case: Case, user: User, form: forms.ReopenForm) -> object:
    return services.reopen_case(
        case, actor=_served(user, form), why=form.cleaned_data["why"], version=form.cleaned_data["version"]
    )


def withdraw(case: Case, user: User, form: forms.WithdrawForm) -> object:
    return services.withdraw_case(
        case, actor=_served(user, form), why=form.cleaned_data["why"], version=form.cleaned_data["version"]
    )


def note(case: Case, user: User, form: forms.NoteForm) -> object:
    return services.add_note(case, actor=Actor.staff(user), text=form.cleaned_data["text"])


def message(case: Case, user: User, form: forms.MessageForm) -> object:
    said = form.cleaned_data
    return services.write_message(case, actor=Actor.staff(user), text=said["text"], file=said["file"])


def file(case: Case, user: User, form: forms.FileForm) -> object:
    return services.attach_file(
        case,
        actor=Actor.staff(user),
        file=form.cleaned_data["file"],
        is_public=form.cleaned_data["is_public"],
        caption=form.cleaned_data["caption"],
    )


def photo(case: Case, user: User, form: forms.PhotoForm) -> object:
    return services.attach_photo(
        case,
        actor=Actor.staff(user),
        photo=form.cleaned_data["photo"],
        is_public=form.cleaned_data["is_public"],
        caption=form.cleaned_data["caption"],
    )


def relate(case: Case, user: User, form: forms.RelateForm) -> object:
    return services.relate_cases(case, to=form.cleaned_data["reference"], actor=Actor.staff(user))


def unrelate(case: Case, user: User, form: forms.UnrelateForm) -> object:
    return services.unrelate_cases(case, to=form.cleaned_data["other"], actor=Actor.staff(user))


def distinguish(case: Case, user: User, form: forms.DistinguishForm) -> object:
    return services.distinguish_cases(case, other=form.cleaned_data["reference"], actor=Actor.staff(user))


def merge(case: Case, user: User, form: forms.MergeForm) -> object:
    return services.merge_case(
        case, into=form.cleaned_data["reference"], actor=Actor.staff(user), version=form.cleaned_data["version"]
    )


def part(case: Case, user: User, form: forms.ActForm) -> object:
    return services.part_case(case, actor=Actor.staff(user), version=form.cleaned_data["version"])


def split(case: Case, user: User, form: forms.SplitForm) -> object:
    return services.split_case(
        case,
        actor=Actor.staff(user),
        service=form.cleaned_data["service"],
        title=form.cleaned_data["title"],
        text=form.cleaned_data["text"],
        version=form.cleaned_data["version"],
    )


def erase(case: Case, user: User, form: forms.EraseForm) -> object:
    return services.erase_words(
        case,
        actor=Actor.staff(user),
        words=form.cleaned_data["words"],
        why=form.cleaned_data["why"],
        version=form.cleaned_data["version"],
    )
