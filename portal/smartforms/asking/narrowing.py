"""A form narrowed to the questions that are asked again.

What staff chose is asked whatever the rules of the form said, unless the rule is about another question that is asked
too: then it decides, by the new answer. A question that was not answered yet and depends on a new answer comes along
with its rule. Everything else that was answered stands in the background: rules, checks and calculations see it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from portal.smartforms.definition.conditions import Condition, tests_of
from portal.smartforms.definition.model import Calculation, Definition, Outcome, Question, Step, StepKind
from portal.smartforms.kinds import Kind, kind_of


def narrowed(definition: Definition, asked: Iterable[str], answered: Iterable[str]) -> Definition:
    """`asked`, `answered`: keys of questions, and of the steps of groups."""
    wanted = _with_followers(definition, set(asked), set(answered))
    steps = tuple(step for step in (_narrowed(definition, step, wanted) for step in definition.steps) if step)
    outcomes = (Outcome("sent", definition.title),)
    return replace(definition, steps=steps, ends=(), outcomes=outcomes, destinations=())


def askable(definition: Definition) -> Iterator[tuple[Step, tuple[Question, ...]]]:
    """What staff choose from: questions one by one, a group as a whole (no questions then). Not what does something
    when it is sent, such as taking a slot: that is not done twice."""
    for step in definition.steps:
        questions = tuple(question for question in step.questions if not _does_something(question))
        if step.kind is StepKind.GROUP and len(questions) == len(step.questions):
            yield step, ()
        elif step.kind is not StepKind.GROUP and questions:
            yield step, questions


def _does_something(question: Question) -> bool:
    return type(kind_of(question)).on_sent is not Kind.on_sent


def keys_of(definition: Definition) -> set[str]:
    """All that can be asked or was answered."""
    return {
        key
        for step, questions in askable(definition)
        for key in ([question.key for question in questions] or [step.key])
    }


def _narrowed(definition: Definition, step: Step, wanted: set[str]) -> Step | None:
    show_when = step.show_when if _is_about(definition, step.show_when, wanted) else None
    if step.kind is StepKind.GROUP:
        return replace(step, show_when=show_when) if step.key in wanted else None
    questions = tuple(
        question if _is_about(definition, question.show_when, wanted) else replace(question, show_when=None)
        for question in step.questions
        if question.key in wanted
    )
    return replace(step, questions=questions, show_when=show_when) if questions else None


def _with_followers(definition: Definition, wanted: set[str], answered: set[str]) -> set[str]:
    while True:
        more = {key for key in _depending(definition, wanted) if key not in answered} - wanted
        if not more:
            return wanted
        wanted = wanted | more


def _depending(definition: Definition, wanted: set[str]) -> Iterator[str]:
    for step, questions in askable(definition):
        step_depends = _is_about(definition, step.show_when, wanted)
        if not questions and step_depends:
            yield step.key
        for question in questions:
            if step_depends or _is_about(definition, question.show_when, wanted):
                yield question.key


def _is_about(definition: Definition, condition: Condition | None, wanted: set[str]) -> bool:
    return any(reaches(definition, test.about, wanted) for test in tests_of(condition))


def reaches(definition: Definition, about: str, wanted: set[str]) -> bool:
    """Whether `about` is one of these, or a number that is reckoned from one."""
    row = definition.calculation.get(about)
    if row is None:
        return about in wanted or about.partition(".")[0] in wanted
    return any(reaches(definition, key, wanted) for key in _abouts(row) if key)


def _abouts(row: Calculation) -> set[str]:
    rules = [*(line.when for line in row.rows), *(line.when for line in row.fees)]
    conditions = {test.about for rule in rules for test in tests_of(rule)}
    return {row.about, row.per, *(term.about for term in row.terms), *conditions}
