"""A form is sent: answers, case, contact-log line, files and messages in one transaction, once.

The draft's row is locked first: of two who send it at the same moment the second waits, finds it sent, and gets the
same submission. Behind that stand the unique keys of the draft in `Submission` and of the case.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any as Anything

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.kit.languages import ENGLISH, in_english
from portal.cases.enums import CaseUrgency
from portal.cases.models import Case, Team
from portal.cases.selectors import team_named
from portal.cases.services import ContactDetails, receive_case
from portal.smartforms.answers import read_answers
from portal.smartforms.definition.model import Definition, Destination, Step
from portal.smartforms.evaluating import Facts, Walk, walk
from portal.smartforms.fees import shown_results
from portal.smartforms.figures.counting import count_sent
from portal.smartforms.files.keeping import hand_over
from portal.smartforms.kinds import NotGoodAnyMoreError, kind_of
from portal.smartforms.models import Answer, Draft, DraftState, FormVersion, Submission
from portal.smartforms.results.alerting import tell_team
from portal.smartforms.results.told import GivenAnswer, given_answers, told_of
from portal.smartforms.translating.spoken import spoken
from portal.smartforms.versions import definition_of

log = structlog.get_logger(__name__)


class NotCompleteError(ValueError):
    """Something is still to be answered: `step_key`; empty when the form has no outcome or destination for this.
    `sentence`: why an answer does not count any more, for the person."""

    def __init__(self, step_key: str, sentence: str = "") -> None:
        super().__init__(step_key)
        self.step_key, self.sentence = step_key, sentence


class NothingToSendError(ValueError):
    """The form ends with an explanation: there is no case to be made of it."""


def submit(draft: Draft, *, actor: Actor, customer: Customer | None, facts: Facts) -> Submission:
    """Raises NotCompleteError or NothingToSendError, and sends nothing then. An answer that is not good any more, such
    as a slot that somebody else has taken, is taken out of the draft."""
    try:
        return _submit(draft, actor=actor, customer=customer, facts=facts, language=get_language() or ENGLISH)
    except NotGoodAnyMoreError as error:
        raise NotCompleteError(_take_out(draft, error.path), error.sentence) from error


@in_english()  # staff read what is stored
@transaction.atomic
def _submit(draft: Draft, *, actor: Actor, customer: Customer | None, facts: Facts, language: str) -> Submission:
    """`language`: of the pages on which it was filled in."""
    locked = Draft.objects.select_for_update(of=("self",)).select_related("form", "version").get(pk=draft.pk)
    earlier = Submission.objects.select_related("case").filter(draft_id=locked.pk).first()
    if earlier:
        return earlier
    definition = definition_of(locked.version)
    walked, destination = _complete_walk(definition, locked, facts)
    given = list(given_answers(walked))
    told = told_of(destination.case_title, given, customer)
    made: list[Submission] = []
    receive_case(
        Service.objects.get(slug=destination.service),
        actor=actor,
        submission_key=locked.submission_key,
        title=told.title,
        details=[
            *((label, words) for label, words in told.details),
            *shown_results(definition, walked, with_special=False),
        ],
        customer=customer,
        contact=ContactDetails(told.contact_name, told.contact_email, told.contact_phone),
        address=told.address,
        address_text=told.address_text,
        location=told.location,
        team=_team(destination),
        urgency=_urgency(destination),
        next_steps=_next_steps(locked.version, destination, language),
        on_created=lambda case: made.append(_write(case, locked, walked, given, actor, customer, facts)),
    )
    if destination.tells_team and made:
        tell_team(made[0].case, locked.form)
    locked.state, locked.answers, locked.sources, locked.ask_again = DraftState.SENT, {}, {}, {}
    locked.earlier = {}
    count_sent(locked)
    locked.save(update_fields=["state", "answers", "sources", "earlier", "ask_again", "counted"])
    draft.state = locked.state
    return made[0]


@transaction.atomic
def _take_out(draft: Draft, path: str) -> str:
    """The step that is to be answered again. The things of a group stay, for the person to look at."""
    locked = Draft.objects.select_for_update(of=("self",)).select_related("version").get(pk=draft.pk)
    step = next(step for step in definition_of(locked.version).steps if _asks(step, path))
    if locked.state == DraftState.OPEN:
        locked.answers.pop(path, None)
        locked.seen = [key for key in locked.seen if key != step.key]
        locked.save(update_fields=["answers", "seen"])
    return step.key


def _asks(step: Step, path: str) -> bool:
    group, bracket, _rest = path.partition("[")
    return step.key == group if bracket else path in {question.key for question in step.questions}


def _complete_walk(definition: Definition, draft: Draft, facts: Facts) -> tuple[Walk, Destination]:
    walked = walk(definition, read_answers(definition, draft.answers), facts, seen=draft.seen)
    if walked.open_step:
        raise NotCompleteError(walked.open_step.key)
    if walked.outcome is None:
        raise NotCompleteError("")
    if not walked.outcome.sends:
        raise NothingToSendError(walked.outcome.key)
    if walked.destination is None:
        raise NotCompleteError("")
    return walked, walked.destination


def _next_steps(version: FormVersion, destination: Destination, language: str) -> str:
    number = definition_of(version).destinations.index(destination)
    with override(language):
        return str(spoken(version).destinations[number].next_steps)


def _urgency(destination: Destination) -> CaseUrgency:
    """Versions that were published before urgencies were checked may name one that is none."""
    if destination.urgency in CaseUrgency.values:
        return CaseUrgency(destination.urgency)
    log.warning("urgency_of_a_form_unknown", urgency=destination.urgency)
    return CaseUrgency.NORMAL


def _team(destination: Destination) -> Team | None:
    """There was one when the form was published. Should it be renamed since, the case waits where nobody has it yet."""
    team = team_named(destination.team) if destination.team else None
    if destination.team and team is None:
        log.warning("team_of_a_form_not_found", team=destination.team)
    return team


# --- What is written --------------------------------------------------------------------------------------------------


def _write(
    case: Case,
    draft: Draft,
    walked: Walk,
    given: list[GivenAnswer],
    actor: Actor,
    customer: Customer | None,
    facts: Facts,
) -> Submission:
    definition = definition_of(draft.version)
    submission = Submission.objects.create(
        draft_id=draft.pk,
        version=draft.version,
        case=case,
        outcome=walked.outcome.key if walked.outcome else "",
        facts=_facts_kept(facts),
        calculated={key: str(walked.values[key]) for key in definition.calculation if key in walked.values},
        started_at=draft.started_at,
        actor=actor.user,
        subject=customer,
        right=actor.right,
        channel=actor.channel,
        api_key_id=draft.api_key_id,
    )
    Answer.objects.bulk_create(
        [_answer(submission, answer, draft.sources, position) for position, answer in enumerate(given)]
    )
    hand_over(draft, submission, walked.values)
    for answer in given:
        _tell_kind(submission, answer)
    return submission


def _tell_kind(submission: Submission, given: GivenAnswer) -> None:
    try:
        kind_of(given.question).on_sent(submission, given.path, given.question, given.value)
    except NotGoodAnyMoreError as error:
        error.path = given.path
        raise


FACT_NAMES = ("signed_in", "for_somebody_else", "with_staff")


def _facts_kept(facts: Facts) -> dict[str, Anything]:
    fees = {"fees": {key: str(amount) for key, amount in facts.fees.items()}} if facts.fees else {}
    return {"on": facts.on.isoformat(), **{name: getattr(facts, name) for name in FACT_NAMES}, **fees}


def _answer(submission: Submission, given: GivenAnswer, sources: Mapping[str, Anything], position: int) -> Answer:
    source = sources.get(given.path) or {}
    question = given.question
    return Answer(
        submission=submission,
        path=given.path,
        kind=question.kind,
        value=kind_of(question).to_json(given.value),
        words=given.words,
        data_class=question.data_class,
        source=source.get("source", ""),
        as_of=source.get("as_of") or None,
        forget_on=timezone.localdate() + dt.timedelta(days=question.keep_days) if question.keep_days else None,
        position=position,
    )
