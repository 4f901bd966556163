"""What changed between two versions of a form, in plain words, and what it means for answers that were given.

`compare(old, new)` knows the two forms only. `ask_again` says for one person's answers which steps they must see once
more, and why: nothing else is asked again.

    wording      only words differ: every answer stands
    compatible   every answer stands, though the way through the form may be another
    ask again    an answer that was good may not be good now, or something new is asked

A rule that changed is compatible: the evaluator follows the new one, and `ask_again` finds what it newly shows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any as Anything

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.smartforms.definition.model import DataClass, Definition, Question, Step, StepKind
from portal.smartforms.evaluating import Answers, Facts, walk
from portal.smartforms.kinds import kind_named
from portal.smartforms.rules_in_words import in_words


class ChangeClass(IntEnum):
    WORDING = 1
    COMPATIBLE = 2
    ASK_AGAIN = 3

    @property
    def label(self) -> str:
        return str(_CLASS_LABELS[self])


_CLASS_LABELS = {
    ChangeClass.WORDING: gettext_lazy("Wording"),
    ChangeClass.COMPATIBLE: gettext_lazy("Compatible"),
    ChangeClass.ASK_AGAIN: gettext_lazy("Must ask again"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """`step`: the key of the step in the new form; of one that went, in the old form; empty for the whole form."""

    sentence: str
    change_class: ChangeClass
    step: str = ""


@dataclass(frozen=True)
class Changes:
    rows: tuple[Change, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(row.sentence for row in self.rows)

    @property
    def change_class(self) -> ChangeClass | None:
        """Of the whole; None when nothing changed."""
        return max((row.change_class for row in self.rows), default=None)

    @property
    def of_steps(self) -> dict[str, tuple[str, ...]]:
        """By the key of a step of the new form: why somebody who answered it must be asked again."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.rows:
            if row.change_class is ChangeClass.ASK_AGAIN:
                found[row.step] = (*found.get(row.step, ()), row.sentence)
        return found


def compare(old: Definition, new: Definition) -> Changes:
    return Changes(tuple(_Comparison(old, new).rows()))


def ask_again(
    old: Definition,
    new: Definition,
    answers: Answers,
    facts: Facts,
    seen: Iterable[str],
    *,
    changes: Changes | None = None,
) -> dict[str, tuple[str, ...]]:
    """Of the steps that somebody has sent in the old form and that are still there: those to ask again, and why.
    `changes`: what `compare` says, where it is known, because many are asked about."""
    seen = frozenset(seen)
    before = set(_shown(old, answers, facts, seen))
    changes = changes or compare(old, new)
    found = {step: reasons for step, reasons in changes.of_steps.items() if step in seen}
    for path, (step, question) in _shown(new, answers, facts, [step.key for step in new.steps]).items():
        if step.key in seen and path in old.questions and path not in before:
            reason = _("‘%(label)s’ is now asked for your answers") % {"label": question.label}
            found[step.key] = (*found.get(step.key, ()), reason)
    return found


def _shown(
    definition: Definition, answers: Answers, facts: Facts, seen: Iterable[str]
) -> dict[str, tuple[Step, Question]]:
    steps = walk(definition, answers, facts, seen=seen).steps
    return {path_of(shown.step, question): (shown.step, question) for shown in steps for question in shown.questions}


def path_of(step: Step, question: Question) -> str:
    return f"{step.key}.{question.key}" if step.kind is StepKind.GROUP else question.key


@dataclass(frozen=True)
class _Comparison:
    old: Definition
    new: Definition

    def rows(self) -> Iterator[Change]:
        yield from self._words(self.old, self.new, _FORM_WORDS, "")
        if self.old.service != self.new.service:
            yield Change(_("The form belongs to another service now"), ChangeClass.COMPATIBLE)
        yield from self._steps()
        if self.old.ends != self.new.ends:
            yield Change(_("The rules that end the form early changed"), ChangeClass.COMPATIBLE)
        yield from self._keyed(self.old.calculations, self.new.calculations, _("Calculation"))
        yield from self._keyed(self.old.outcomes, self.new.outcomes, _("Outcome"))
        if self.old.destinations != self.new.destinations:
            yield Change(_("Where the answers go changed"), ChangeClass.COMPATIBLE)

    def _words(self, before: Anything, after: Anything, names: Mapping[str, Anything], step: str) -> Iterator[Change]:
        for name, sentence in names.items():
            if getattr(before, name) != getattr(after, name):
                yield Change(str(sentence), ChangeClass.WORDING, step)

    # --- steps ---

    def _steps(self) -> Iterator[Change]:
        before = {step.key: step for step in self.old.steps}
        after = {step.key: step for step in self.new.steps}
        for key, step in before.items():
            if key not in after:
                yield Change(_("The step ‘%(title)s’ was removed") % {"title": step.title}, ChangeClass.COMPATIBLE, key)
        for key, step in after.items():
            if key in before:
                yield from self._step(before[key], step)
            else:
                yield Change(_("The step ‘%(title)s’ is new") % {"title": step.title}, ChangeClass.ASK_AGAIN, key)
        kept = [key for key in before if key in after]
        if kept != [key for key in after if key in before]:
            yield Change(_("The steps come in another order"), ChangeClass.COMPATIBLE)
        yield from self._removed_questions()

    def _step(self, before: Step, after: Step) -> Iterator[Change]:
        named = {"title": after.title}
        if before.kind is not after.kind and StepKind.GROUP in {before.kind, after.kind}:
            yield Change(_("The step ‘%(title)s’ asks in another way") % named, ChangeClass.ASK_AGAIN, after.key)
        if before.title != after.title:
            yield Change(
                _("The step ‘%(old)s’ is now called ‘%(title)s’") % {**named, "old": before.title},
                ChangeClass.WORDING,
                after.key,
            )
        if (before.body, before.item_name) != (after.body, after.item_name):
            yield Change(_("The words of the step ‘%(title)s’ changed") % named, ChangeClass.WORDING, after.key)
        yield from self._rule(before, after, _("The step ‘%(title)s’") % named, after.key)
        if after.kind is StepKind.GROUP:
            yield from _bounds(before, after, ("least", "most"), _("How many in ‘%(title)s’") % named, after.key)
        yield from self._questions(before, after)

    def _rule(self, before: Anything, after: Anything, what: str, step: str) -> Iterator[Change]:
        if before.show_when == after.show_when:
            return
        if after.show_when is None:
            sentence = _("%(what)s is now always shown") % {"what": what}
        else:
            rule = in_words(after.show_when, self.new)
            sentence = _("%(what)s is now shown when %(rule)s") % {"what": what, "rule": rule}
        yield Change(sentence, ChangeClass.COMPATIBLE, step)

    # --- questions ---

    def _questions(self, before: Step, after: Step) -> Iterator[Change]:
        for question in after.questions:
            old = self._question_before(after, question)
            if old is None:
                yield Change(_("%(question)s is new") % {"question": self._named(question)}, _AGAIN, after.key)
                continue
            yield from self._question(old, question, after)
        same = {question.key for question in before.questions} & {question.key for question in after.questions}
        if _order(before.questions, same) != _order(after.questions, same):
            yield Change(
                _("The questions of ‘%(title)s’ come in another order") % {"title": after.title}, _COMPATIBLE, after.key
            )

    def _question_before(self, step: Step, question: Question) -> Question | None:
        """The same question: of a group in the same group, otherwise wherever it was asked."""
        return self.old.questions.get(path_of(step, question))

    def _removed_questions(self) -> Iterator[Change]:
        kept_steps = {step.key for step in self.new.steps}
        for number, (step, question) in enumerate(_all_questions(self.old), 1):
            if path_of(step, question) not in self.new.questions and step.key in kept_steps:
                named = {"number": number, "label": question.label}
                yield Change(_("Question %(number)s ‘%(label)s’ was removed") % named, _COMPATIBLE, step.key)

    def _named(self, question: Question) -> str:
        number = next(number for number, (_s, other) in enumerate(_all_questions(self.new), 1) if other is question)
        return _("Question %(number)s ‘%(label)s’") % {"number": number, "label": question.label}

    def _question(self, before: Question, after: Question, step: Step) -> Iterator[Change]:
        if before == after:
            return
        what, key = self._named(after), step.key
        named = {"question": what}
        if before.kind != after.kind:
            kind = kind_named(after.kind)
            named["kind"] = str(kind.label if kind else after.kind)
            yield Change(_("%(question)s is answered in another way now: %(kind)s") % named, _AGAIN, key)
        if before.label != after.label:
            yield Change(
                _("%(question)s was called ‘%(old)s’") % {**named, "old": before.label}, ChangeClass.WORDING, key
            )
        if any(getattr(before, name) != getattr(after, name) for name in ("hint", "help", "why")):
            yield Change(_("The explanation of %(question)s changed") % named, ChangeClass.WORDING, key)
        if before.required != after.required:
            sentence = _("%(question)s must now be answered") if after.required else _("%(question)s is now optional")
            yield Change(sentence % named, _AGAIN if after.required else _COMPATIBLE, key)
        yield from self._rule(before, after, what, key)
        yield from _options(before, after, named, key)
        yield from _bounds(before, after, ("least", "most", "earliest", "latest"), what, key)
        if before.setup != after.setup:
            yield Change(_("%(question)s is set up in another way") % named, _AGAIN, key)
        yield from self._checks(before, after, named, key)
        yield from _handling(before, after, named, key)

    def _checks(self, before: Question, after: Question, named: dict[str, str], step: str) -> Iterator[Change]:
        musts_before, musts_after = [check.must for check in before.checks], [check.must for check in after.checks]
        if any(must not in musts_before for must in musts_after):
            yield Change(_("The checks of %(question)s ask for more or for something else") % named, _AGAIN, step)
        elif any(must not in musts_after for must in musts_before):
            yield Change(_("%(question)s is checked less") % named, _COMPATIBLE, step)
        elif before.checks != after.checks:
            yield Change(_("The messages of %(question)s changed") % named, ChangeClass.WORDING, step)

    # --- the rest ---

    def _keyed(self, before: Iterable[Anything], after: Iterable[Anything], what: str) -> Iterator[Change]:
        old, new = {row.key: row for row in before}, {row.key: row for row in after}
        for key, row in old.items():
            if key not in new:
                yield Change(_("%(what)s ‘%(title)s’ was removed") % _titled(row, what), ChangeClass.COMPATIBLE)
        for key, row in new.items():
            if key not in old:
                yield Change(_("%(what)s ‘%(title)s’ is new") % _titled(row, what), ChangeClass.COMPATIBLE)
            elif old[key] != row:
                words_only = _without_words(old[key]) == _without_words(row)
                yield Change(
                    _("%(what)s ‘%(title)s’ changed") % _titled(row, what),
                    ChangeClass.WORDING if words_only else ChangeClass.COMPATIBLE,
                )
        if list(old) != list(new) and old.keys() == new.keys():
            yield Change(_("The rows come in another order: %(what)s") % {"what": what}, ChangeClass.COMPATIBLE)


_COMPATIBLE, _AGAIN = ChangeClass.COMPATIBLE, ChangeClass.ASK_AGAIN
_FORM_WORDS = {
    "title": gettext_lazy("The title of the form changed"),
    "summary": gettext_lazy("The summary of the form changed"),
    "declaration": gettext_lazy("The declaration changed"),
}
_WORDS = {"title", "body", "label"}


def _titled(row: Anything, what: str) -> dict[str, str]:
    return {"what": what, "title": getattr(row, "title", "") or getattr(row, "label", "")}


def _without_words(row: Anything) -> dict[str, Anything]:
    return {part.name: getattr(row, part.name) for part in fields(row) if part.name not in _WORDS}


def _all_questions(definition: Definition) -> Iterator[tuple[Step, Question]]:
    return ((step, question) for step in definition.steps for question in step.questions)


def _order(questions: Iterable[Question], keys: set[str]) -> list[str]:
    return [question.key for question in questions if question.key in keys]


def _options(before: Question, after: Question, named: dict[str, str], step: str) -> Iterator[Change]:
    old = {option.value: option for option in before.options}
    new = {option.value: option for option in after.options}
    for value, option in old.items():
        if value not in new and new:
            sentence = _("%(question)s can no longer be answered ‘%(option)s’")
            yield Change(sentence % {**named, "option": option.label}, _AGAIN, step)
    for value, option in new.items():
        if value not in old and old:
            sentence = _("%(question)s has the new answer ‘%(option)s’")
            yield Change(sentence % {**named, "option": option.label}, _COMPATIBLE, step)
    if any(old[value] != new[value] for value in old.keys() & new.keys()):
        yield Change(_("The wording of answers of %(question)s changed") % named, ChangeClass.WORDING, step)
    if old.keys() == new.keys() and list(old) != list(new):
        yield Change(_("The answers of %(question)s come in another order") % named, ChangeClass.WORDING, step)


def _bounds(before: Anything, after: Anything, names: Iterable[str], what: str, step: str) -> Iterator[Change]:
    """Limits that were taken away or widened leave every answer good; days that move cannot be compared, so ask."""
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    if changed:
        is_wider = all(_is_wider(name, getattr(before, name), getattr(after, name)) for name in changed)
        sentence = _("%(what)s: the limits are wider") if is_wider else _("%(what)s: the limits changed")
        yield Change(sentence % {"what": what}, _COMPATIBLE if is_wider else _AGAIN, step)


def _is_wider(name: str, before: Anything, after: Anything) -> bool:
    if after is None:
        return True
    if before is None or name in {"earliest", "latest"}:
        return False
    return bool(after < before if name == "least" else after > before)


def _handling(before: Question, after: Question, named: dict[str, str], step: str) -> Iterator[Change]:
    if before.prefill != after.prefill:
        yield Change(_("%(question)s is filled in from elsewhere, or no longer is") % named, _COMPATIBLE, step)
    if before.from_link != after.from_link:
        yield Change(_("A link may answer %(question)s, or no longer may") % named, _COMPATIBLE, step)
    if before.data_class is not after.data_class:
        is_more = after.data_class is DataClass.SPECIAL
        sentence = (
            _("The answer to %(question)s is now special-category data")
            if is_more
            else _("%(question)s has another data class")
        )
        yield Change(sentence % named, _COMPATIBLE, step)
    if before.keep_days != after.keep_days:
        yield Change(_("The answer to %(question)s is kept for another time") % named, _COMPATIBLE, step)
