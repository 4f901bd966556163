"""Answers that somebody gave before are offered again when they begin a form; they are used only after a yes.

Only to the person themself, only what they sent themself or through staff, only facts about a person: never special
category, never files, signatures, places, or what its form keeps for a short time. The same question is the one with
the same key and kind of the same form, or one that asks for the same detail of the account (`prefill`) in another.
The things of a group are offered as they stood in the latest one of the same form, never mixed with older ones.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any as Anything

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _t

from barnet.customers.acting_for.serving import Party
from barnet.customers.consent.agreeing import agree, asked_of
from barnet.customers.enums import Right
from barnet.customers.models import Customer, PurposeText, User
from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import DataClass, Definition, Question, Step, StepKind
from portal.smartforms.kinds import Asking, kind_of
from portal.smartforms.models import Answer, Draft, Submission
from portal.smartforms.results.paths import Place, place_of
from portal.smartforms.running.prefilling import EARLIER, JOURNEY, SOURCES, Prefilled
from portal.smartforms.running.run import Run
from portal.smartforms.versions import definition_of

PURPOSE = "earlier-answers"
_LOOKED_AT = 20  # the latest forms that were sent
_NEVER = {"files", "signature", "declaration", "location", "table", "date_range"}


@dataclass(frozen=True)
class Earlier:
    """One answer that was given before: to which question of this form, in which words, in which form, when. `path`:
    `doctor`, or `child[0].name` in a group."""

    path: str
    label: str
    question: Question
    value: Anything
    words: str
    form_title: str
    reference: str
    on: dt.date

    def kept(self) -> dict[str, Anything]:
        """As the draft keeps it."""
        return {
            "value": kind_of(self.question).to_json(self.value),
            "form": self.form_title,
            "reference": self.reference,
            "on": self.on.isoformat(),
        }


@dataclass(frozen=True)
class Offer:
    """`text`: what one agrees to by saying yes."""

    answers: tuple[Earlier, ...]
    text: PurposeText


def offer_to(party: Party, definition: Definition, asking: Asking) -> Offer | None:
    """None when there is nothing to offer, or when the council does not ask for this."""
    customer = party.customer
    if customer is None or party.actor.right != Right.SELF:
        return None
    found = {earlier.path: earlier for earlier in _found(customer, definition, asking)}
    if not found:
        return None
    asked = next((asked for asked in asked_of(customer) if asked.purpose.slug == PURPOSE), None)
    if asked is None or (asked.last and not asked.last.is_given):  # who withdrew is not asked again
        return None
    return Offer(tuple(sorted(found.values(), key=lambda earlier: _position(definition, earlier.path))), asked.text)


def _position(definition: Definition, path: str) -> tuple[int, int, int]:
    place = place_of(definition, path)
    assert place.step is not None
    assert place.question is not None
    return definition.steps.index(place.step), place.number, place.step.questions.index(place.question)


def _found(customer: Customer, definition: Definition, asking: Asking) -> Iterator[Earlier]:
    """The latest last, so that it counts."""
    sent = Submission.objects.filter(subject=customer, right__in=[Right.SELF, Right.STAFF])
    sent = sent.select_related("version__form", "case").order_by("-sent_at")[:_LOOKED_AT]
    by_pk = {submission.pk: submission for submission in sent}
    latest = next((one.pk for one in sent if definition_of(one.version).slug == definition.slug), None)
    answers = Answer.objects.filter(submission__in=by_pk, data_class=DataClass.PERSONAL, forget_on=None)
    for answer in sorted(answers.exclude(kind__in=_NEVER), key=lambda row: by_pk[row.submission_id].sent_at):
        submission = by_pk[answer.submission_id]
        for path, question in _questions_like(answer, submission, definition):
            is_old_thing = "[" in path and submission.pk != latest
            if is_old_thing or _is_known(question, customer):
                continue
            value = _accepted(question, asking, answer.value)
            if is_given(value):
                on, title = submission.sent_at.date(), submission.version.form.title
                label = _label(definition, path, question)
                yield Earlier(path, label, question, value, answer.words, title, submission.case.reference, on)


def _label(definition: Definition, path: str, question: Question) -> str:
    place = place_of(definition, path)
    thing = f"{place.step.item_name} {place.number}" if place.step and place.number else ""
    return f"{thing}: {question.label}" if thing else question.label


def _questions_like(answer: Answer, submission: Submission, definition: Definition) -> Iterator[tuple[str, Question]]:
    """With the path at which each stands in this form."""
    then = definition_of(submission.version)
    before = place_of(then, answer.path)
    if before.question is None or not _stands(before):
        return
    now = place_of(definition, answer.path)
    if then.slug == definition.slug and now.question and _stands(now) and _takes(now.question, answer):
        yield answer.path, now.question
    if before.number or not before.question.prefill:
        return
    for path, question in definition.questions.items():
        is_alike = question.prefill == before.question.prefill and "." not in path
        if is_alike and question is not now.question and _takes(question, answer):
            yield path, question


def _stands(place: Place) -> bool:
    """A thing of a group, of those that it takes; any other question outside of groups."""
    step = place.step
    return step is not None and (step.kind is StepKind.GROUP) == bool(place.number) and place.number <= step.most


def _takes(question: Question, answer: Answer) -> bool:
    return question.kind == answer.kind and _may_be(question)


def _may_be(question: Question) -> bool:
    return question.data_class is DataClass.PERSONAL and not question.keep_days and not kind_of(question).is_step


def _is_known(question: Question, customer: Customer) -> bool:
    """The account says it, and newer."""
    source = SOURCES.get(question.prefill)
    return source is not None and is_given(source.value(customer))


def _accepted(question: Question, asking: Asking, kept: Anything) -> Anything:
    """Only what the question would take today."""
    kind = kind_of(question)
    try:
        return kind.accepted(question, asking, kind.from_json(kept))
    except (ValueError, KeyError):
        return None


def offer_rows(offer: Offer) -> list[tuple[str, str]]:
    """For the page where the form begins."""
    from_where = _t("%(answer)s (%(form)s, %(month)s)")
    return [
        (row.label, from_where % {"answer": row.words, "form": row.form_title, "month": _month(row.on)})
        for row in offer.answers
    ]


def _month(on: dt.date) -> str:
    return date_format(on, "F Y")


def say_yes(offer: Offer, party: Party) -> dict[str, dict[str, Anything]]:
    """Writes down that they agreed, and gives what the draft keeps. Raises StaleTextError when the text changed."""
    assert party.customer is not None
    assert isinstance(party.actor.user, User)
    agree(party.customer, offer.text, actor=party.actor, by=party.actor.user)
    return {earlier.path: earlier.kept() for earlier in offer.answers}


def earlier_thing(draft: Draft, step: Step, number: int, asking: Asking) -> dict[str, Prefilled]:
    """The answers of one thing of a group, counted from 1."""
    found = {
        one.key: earlier_answer(draft, one, asking, f"{step.key}[{number - 1}].{one.key}") for one in step.questions
    }
    return {key: prefilled for key, prefilled in found.items() if prefilled}


def earlier_answer(draft: Draft, question: Question, asking: Asking, path: str = "") -> Prefilled | None:
    """What this draft may fill in of what was told before. `path`: in a group."""
    kept: Mapping[str, Anything] | None = draft.earlier.get(path or question.key)
    if kept is None or not _may_be(question):
        return None
    value = _accepted(question, asking, kept["value"])
    if not is_given(value):
        return None
    return Prefilled(
        value,
        EARLIER + kept["reference"],
        dt.date.fromisoformat(kept["on"]),
        form=kept["form"],
        change_url=reverse("account_request", args=[kept["reference"]]),
    )


def told_already(run: Run, step: Step, question: Question, asking: Asking) -> Prefilled | None:
    """Nobody types the same thing twice in one form (WCAG 3.3.7): the answer that counts to a question before this step
    which asks for the same detail."""
    if not question.prefill:
        return None
    for shown in run.walk.steps:
        if shown.step.key == step.key:
            break
        if shown.step.kind is StepKind.GROUP:
            continue
        for asked in shown.questions:
            is_alike = asked.prefill == question.prefill and asked.kind == question.kind
            if is_alike and asked.key in run.walk.values:
                value = _accepted(question, asking, kind_of(asked).to_json(run.walk.values[asked.key]))
                if is_given(value):
                    return Prefilled(value, JOURNEY, asking.on, change_url=run.step_url(shown.step))
    return None
