"""The texts of a form that residents read, by key, and a form with some of them in another language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any as Anything

from portal.smartforms.definition.model import Calculation, Definition, Destination, Option, Outcome, Question, Step

Say = Callable[[str, str], str]  # key, English → what is read


class Translated(str):
    """A text in the language of the page, and the English it stands for. Other texts of a form are English."""

    __slots__ = ("english",)
    english: str

    def __new__(cls, text: str, english: str) -> "Translated":
        made = super().__new__(cls, text)
        made.english = english
        return made


def texts_of(definition: Definition) -> dict[str, str]:
    """In the order of the form; without what is empty. What staff alone read (titles of cases) is not there."""
    found: dict[str, str] = {}

    def note(key: str, english: str) -> str:
        if english.strip():
            found[key] = english
        return english

    _said(definition, note)
    return found


def translated(definition: Definition, words: Mapping[tuple[str, str], str]) -> Definition:
    """`words`: by key and English. Where the English is another one now, the translation rests."""

    def say(key: str, english: str) -> str:
        text = words.get((key, english))
        return Translated(text, english) if text else english

    return _said(definition, say)


def _said(definition: Definition, say: Say) -> Definition:
    return replace(
        definition,
        title=say("form.title", definition.title),
        summary=say("form.summary", definition.summary),
        steps=tuple(_step(step, say) for step in definition.steps),
        calculations=tuple(_calculation(row, say) for row in definition.calculations),
        outcomes=tuple(_outcome(row, say) for row in definition.outcomes),
        destinations=tuple(_destination(row, number, say) for number, row in enumerate(definition.destinations, 1)),
        declaration=say("form.declaration", definition.declaration),
    )


def _step(step: Step, say: Say) -> Step:
    place = f"step.{step.key}"
    texts: dict[str, Anything] = {
        name: say(f"{place}.{name}", getattr(step, name)) for name in ("title", "item_name", "body")
    }
    return replace(
        step,
        **texts,
        questions=tuple(_question(question, f"{place}.{question.key}", say) for question in step.questions),
    )


def _question(question: Question, place: str, say: Say) -> Question:
    texts: dict[str, Anything] = {
        name: say(f"{place}.{name}", getattr(question, name)) for name in ("label", "hint", "help", "why")
    }
    checks = tuple(
        replace(check, message=say(f"{place}.check.{number}", check.message))
        for number, check in enumerate(question.checks, 1)
    )
    options, rows = (
        tuple(_option(option, f"{place}.{name}.{option.value}", say) for option in getattr(question, name))
        for name in ("options", "rows")
    )
    return replace(question, **texts, checks=checks, options=options, rows=rows)


def _option(option: Option, place: str, say: Say) -> Option:
    return replace(option, label=say(f"{place}.label", option.label), hint=say(f"{place}.hint", option.hint))


def _calculation(row: Calculation, say: Say) -> Calculation:
    return replace(row, label=say(f"calculation.{row.key}.label", row.label)) if row.shown else row


def _destination(row: Destination, number: int, say: Say) -> Destination:
    return replace(row, next_steps=say(f"destination.{number}.next_steps", row.next_steps))


def _outcome(row: Outcome, say: Say) -> Outcome:
    place = f"outcome.{row.key}"
    return replace(row, title=say(f"{place}.title", row.title), body=say(f"{place}.body", row.body))
