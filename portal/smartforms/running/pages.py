"""What the pages of a step show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any as Anything

from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from barnet.kit.fields import draw_field
from portal.smartforms.definition.model import Question, StepKind
from portal.smartforms.evaluating import ShownStep, Value
from portal.smartforms.fees import shown_results
from portal.smartforms.kinds import kind_of
from portal.smartforms.running.prefilling import SOURCES, Prefilled
from portal.smartforms.running.run import FROM_CHECK, Run
from portal.smartforms.running.step_form import StepForm
from portal.smartforms.wording import in_english

_WIDTHS = {"number": "10", "money": "10", "postcode": "10", "vehicle": "10", "ni_number": "10", "phone": "20"}


@dataclass(frozen=True)
class AskedQuestion:
    """One question on a page: `prefilled` when what stands in it is ours, `change_url` where that is put right."""

    question: Question
    field: BoundField
    prefilled: Prefilled | None = None

    @property
    def change_url(self) -> str:
        if self.prefilled is None:
            return ""
        return self.prefilled.change_url or reverse(SOURCES[self.question.prefill].change_url)

    @property
    def can_be_heading(self) -> bool:
        """A declaration is one box: its words are too long for a heading, and stand beside the box."""
        return self.question.kind != "declaration"

    @property
    def as_field(self) -> SafeString:
        return self._drawn()

    @property
    def as_heading(self) -> SafeString:
        """The only question of a page: its label is the heading of the page."""
        return self._drawn(heading=True, label_size="l", legend_size="l")

    def _drawn(self, **options: Anything) -> SafeString:
        source = SOURCES.get(self.question.prefill)
        if source and source.autocomplete and self.question.kind != "person":
            options["autocomplete"] = source.autocomplete
        if self.question.kind in _WIDTHS:
            options["width"] = _WIDTHS[self.question.kind]
        if self.question.kind == "money":
            options["prefix"] = "£"
        if self.field.label:
            options |= {"label": in_english(self.question.label), "hint": self._hint}
        return draw_field(self.field, **options)

    @property
    def _hint(self) -> SafeString | str:
        """Ours, in the language of the page, or the author's."""
        return in_english(self.question.hint) if self.question.hint else str(self.field.help_text)


def asked(form: StepForm, prefilled: Mapping[str, Prefilled]) -> list[AskedQuestion]:
    return [AskedQuestion(question, form[question.key], prefilled.get(question.key)) for question in form.questions]


@dataclass(frozen=True)
class AnswerRow:
    label: str
    words: str
    change_url: str  # empty: it follows from other answers


@dataclass(frozen=True)
class AnsweredStep:
    """A step on the page of answers; of a group one for each thing."""

    title: str
    rows: tuple[AnswerRow, ...]


def answered(run: Run) -> list[AnsweredStep]:
    """The answers that count, and no others."""
    steps = [part for shown in run.walk.steps for part in _answered(run, shown)]
    sends = run.walk.outcome is not None and run.walk.outcome.sends
    whole = run.whole  # a narrowed one does not know every question
    results = shown_results(whole, run.walk, with_special=run.asked is None)
    rows = [AnswerRow(label, words, "") for label, words in results if sends]
    return [*steps, AnsweredStep(_("What follows from your answers"), tuple(rows))] if rows else steps


def _answered(run: Run, shown: ShownStep) -> Iterator[AnsweredStep]:
    url = run.step_url(shown.step, from_check=True)
    if shown.step.kind is StepKind.GROUP:
        things: Anything = run.walk.values.get(shown.step.key) or []
        for number, thing in enumerate(things, 1):
            here = f"{thing_url(run, shown, number)}?from={FROM_CHECK}"
            title = f"{shown.step.title}: {shown.step.item_name} {number}"
            yield AnsweredStep(title, tuple(_rows(shown.questions, thing, here)))
        more = AnswerRow(_("How many"), str(len(things)), url)
        yield AnsweredStep(shown.step.title, (more,))
    elif shown.questions:
        yield AnsweredStep(shown.step.title, tuple(_rows(shown.questions, run.walk.values, url)))


def _rows(questions: Iterable[Question], values: Mapping[str, Value], url: str) -> Iterator[AnswerRow]:
    for question in questions:
        value = values.get(question.key)
        words = "" if value is None else kind_of(question).in_words(question, value)
        yield AnswerRow(question.label, words, f"{url}#id_{question.key}")


def things_of(run: Run, shown: ShownStep) -> list[tuple[int, str]]:
    """The things of a group, counted from 1, each in the words of its first answer."""
    things: Anything = run.values.get(shown.step.key) or []
    return [(number, _name_of(shown, thing)) for number, thing in enumerate(things, 1)]


def unfinished_thing(run: Run, shown: ShownStep) -> int | None:
    """The first that lacks an answer, as after a change of the form; counted from 1."""
    things: Anything = run.values.get(shown.step.key) or []
    needed = [question.key for question in shown.questions if question.required]
    return next((number for number, thing in enumerate(things, 1) if any(key not in thing for key in needed)), None)


def _name_of(shown: ShownStep, thing: Mapping[str, Value]) -> str:
    for question in shown.questions:
        if question.key in thing:
            return kind_of(question).in_words(question, thing[question.key])
    return ""


def thing_url(run: Run, shown: ShownStep, number: int) -> str:
    return reverse("form_thing", args=[run.draft.form.slug, run.draft.pk, shown.step.key, number])
