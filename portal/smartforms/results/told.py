"""What a case says of the answers that it was made with: details, title, whom to reach, and where it is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any as Anything

from django.contrib.gis.geos import Point

from barnet.customers.models import Customer
from barnet.gazetteer.models import BNG, Address
from barnet.gazetteer.selectors import address_by_uprn
from portal.cases.services import ContactDetails, Told
from portal.smartforms.definition.model import DataClass, Definition, Question, StepKind
from portal.smartforms.evaluating import Walk
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Submission
from portal.smartforms.results.paths import place_of
from portal.smartforms.results.rewalking import facts_of, kept_then, walked

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


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


def given_from(definition: Definition, path: str, kept: Anything, words: str) -> GivenAnswer | None:
    """One that is kept, as it was read then."""
    question = place_of(definition, path).question
    if question is None or kept in (None, "", [], {}):
        return None
    return GivenAnswer(path, question, kind_of(question).from_json(kept), words)


def told_now(submission: Submission, definition: Definition, case_title: str) -> Told:
    """As the answers are now, in their order."""
    given = [given_from(definition, one.path, one.value, one.words) for one in submission.answers.order_by("position")]
    return told_of(case_title, [one for one in given if one], submission.subject)


def case_title_of(submission: Submission, definition: Definition) -> str:
    """The author's, where the answers led when they were sent; what is no longer kept leads nowhere."""
    kept = kept_then(submission.answers.prefetch_related("corrections"))
    found = walked(definition, kept, facts_of(submission)).destination
    return found.case_title if found else ""


def told_of(case_title: str, given: list[GivenAnswer], customer: Customer | None) -> Told:
    """Nothing in it is special category."""
    ordinary = [answer for answer in given if not answer.is_special]
    contact, place = _contact(ordinary, customer), _place(ordinary)
    return Told(
        title=_title(case_title, ordinary)[:120],
        details=[[answer.question.label, answer.words] for answer in ordinary],
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        address=place.address,
        address_text=place.text[:300],
        location=place.point or (place.address.location if place.address else None),
    )


def _title(wording: str, given: list[GivenAnswer]) -> str:
    """`{problem}` in the author's title is the answer in words. What is special category, or forgotten before the
    case is, never stands there."""
    words = {answer.path: answer.words for answer in given if not answer.question.keep_days}
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
