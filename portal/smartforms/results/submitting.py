"""A form is sent: answers, case, contact-log line, files and messages in one transaction, once.

The draft's row is locked first: of two who send it at the same moment the second waits, finds it sent, and gets the
same submission. Behind that stand the unique keys of the draft in `Submission` and of the case.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any as Anything

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.gazetteer.models import BNG, Address
from barnet.gazetteer.selectors import address_by_uprn
from barnet.kit.languages import in_english
from portal.cases.models import Case, Team
from portal.cases.services import ContactDetails, receive_case
from portal.smartforms.answers import read_answers
from portal.smartforms.definition.model import DataClass, Definition, Destination, Question, Step, StepKind
from portal.smartforms.evaluating import Facts, Walk, walk
from portal.smartforms.fees import shown_results
from portal.smartforms.figures.counting import count_sent
from portal.smartforms.files.keeping import hand_over
from portal.smartforms.kinds import NotGoodAnyMoreError, kind_of
from portal.smartforms.models import Answer, Draft, DraftState, Submission
from portal.smartforms.versions import definition_of

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class NotCompleteError(ValueError):
    """Something is still to be answered: `step_key`; empty when the form has no outcome or destination for this.
    `sentence`: why an answer does not count any more, for the person."""

    def __init__(self, step_key: str, sentence: str = "") -> None:
        super().__init__(step_key)
        self.step_key, self.sentence = step_key, sentence


class NothingToSendError(ValueError):
    """The form ends with an explanation: there is no case to be made of it."""


@dataclass(frozen=True)
class GivenAnswer:
    """One answer that counts. `path`: `name`, or `child[0].name` in a group."""

    path: str
    question: Question
    value: Anything
    words: str

    @property
    def is_special(self) -> bool:
        return self.question.data_class is DataClass.SPECIAL


def submit(draft: Draft, *, actor: Actor, customer: Customer | None, facts: Facts) -> Submission:
    """Raises NotCompleteError or NothingToSendError, and sends nothing then. An answer that is not good any more, such
    as a slot that somebody else has taken, is taken out of the draft."""
    try:
        return _submit(draft, actor=actor, customer=customer, facts=facts)
    except NotGoodAnyMoreError as error:
        raise NotCompleteError(_take_out(draft, error.path), error.sentence) from error


@in_english()  # staff read what is stored
@transaction.atomic
def _submit(draft: Draft, *, actor: Actor, customer: Customer | None, facts: Facts) -> Submission:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("form", "version").get(pk=draft.pk)
    earlier = Submission.objects.select_related("case").filter(draft_id=locked.pk).first()
    if earlier:
        return earlier
    definition = definition_of(locked.version)
    walked, destination = _complete_walk(definition, locked, facts)
    given = list(given_answers(walked))
    place = _place(given)
    made: list[Submission] = []
    receive_case(
        Service.objects.get(slug=destination.service),
        actor=actor,
        submission_key=locked.submission_key,
        title=_title(destination.case_title, given),
        details=[
            *((answer.question.label, answer.words) for answer in given if not answer.is_special),
            *shown_results(definition, walked, with_special=False),
        ],
        customer=customer,
        contact=_contact(given, customer),
        address=place.address,
        address_text=place.text,
        location=place.point,
        team=Team.objects.filter(slug=destination.team).first() if destination.team else None,
        on_created=lambda case: made.append(_write(case, locked, walked, given, actor, customer, facts)),
    )
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


def given_answers(walked: Walk) -> Iterator[GivenAnswer]:
    """Those that count, in their order; a hidden answer is not there."""
    for shown in walked.steps:
        if shown.step.kind is StepKind.GROUP:
            things: Anything = walked.values.get(shown.step.key) or []
            for number, thing in enumerate(things):
                yield from _given(shown.questions, thing, f"{shown.step.key}[{number}].")
        else:
            yield from _given(shown.questions, walked.values, "")


def _given(questions: tuple[Question, ...], values: Mapping[str, Anything], before: str) -> Iterator[GivenAnswer]:
    for question in questions:
        if question.key in values:
            value = values[question.key]
            yield GivenAnswer(f"{before}{question.key}", question, value, kind_of(question).in_words(question, value))


# --- What the case is told --------------------------------------------------------------------------------------------


def _title(wording: str, given: list[GivenAnswer]) -> str:
    """`{problem}` in the author's title is the answer in words. What is special category, or forgotten before the
    case is, never stands there."""
    words = {answer.path: answer.words for answer in given if not (answer.is_special or answer.question.keep_days)}
    title = _PLACEHOLDER.sub(lambda found: words.get(found[1], ""), wording)
    return re.sub(r"\s+", " ", title).strip()


def _contact(given: list[GivenAnswer], customer: Customer | None) -> ContactDetails:
    """What the form asked with the account's details in mind; else those of the account."""
    found: dict[str, str] = {}
    for answer in given:
        if isinstance(answer.value, str):
            found.setdefault(answer.question.prefill, answer.value)
    names = (found.get("account.first_name", ""), found.get("account.last_name", ""))
    name = found.get("account.name") or " ".join(filter(None, names))
    return ContactDetails(
        name=(name or (customer.name if customer else ""))[:150],
        email=found.get("account.email") or (customer.email if customer else ""),
        phone=(found.get("account.phone") or (customer.phone if customer else ""))[:30],
    )


@dataclass(frozen=True)
class _Place:
    address: Address | None = None
    text: str = ""
    point: Point | None = None


def _place(given: list[GivenAnswer]) -> _Place:
    """The first address and the first place on a map."""
    address = next((answer for answer in given if answer.question.kind == "address"), None)
    location = next((answer for answer in given if answer.question.kind == "location"), None)
    known = address_by_uprn(address.value.get("uprn") or "") if address else None
    text = address.value.get("text", "") if address and not known else ""
    if location is None:
        return _Place(known, text)
    east, north = location.value.get("easting"), location.value.get("northing")
    point = Point(float(east), float(north), srid=BNG) if east and north else None
    return _Place(known, text or ("" if known else location.words), point)


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
