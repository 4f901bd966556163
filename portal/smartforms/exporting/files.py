"""A batch of what was sent as lines of a file: CSV with a row for each sending or for each thing of a group, or JSON.

Keys of questions are the first header and their labels the second. Answers that staff or the customer put right later
are named in the last column, in JSON at the answer itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any as Anything

from django.utils import timezone

from barnet.kit.spreadsheets import csv_lines
from portal.smartforms.definition.model import Question, Step
from portal.smartforms.exporting.batches import Export
from portal.smartforms.models import Answer, Submission

Batches = Iterable[list[Submission]]
_ABOUT = ("reference", "sent_at", "channel", "outcome")
_CORRECTED = "corrected"


def lines_of(export: Export, batches: Batches, contents: str) -> Iterator[str]:
    """`contents`: `csv`, `json`, or `group-children` for the lines of one group."""
    if contents == "json":
        return answers_json(export, batches)
    if contents == "csv":
        return answers_csv(export, batches)
    return things_csv(export, batches, contents.removeprefix("group-"))


def answers_csv(export: Export, batches: Batches) -> Iterator[str]:
    questions, groups, calculated = export.questions, export.groups, export.calculated
    keys = [*_ABOUT, *(one.key for one in questions), *(step.key for step, _own in groups), *calculated, _CORRECTED]
    labels = ["", "", "", "", *(one.label for one in questions), *(step.title for step, _own in groups)]

    def cells(one: Submission) -> list[Anything]:
        given = _answers(one)
        return [
            *_about(one),
            *(_words(given.get(question.key)) for question in questions),
            *(_things_in_words(given, step, own) for step, own in groups),
            *(one.calculated.get(key, "") for key in calculated),
            _corrected(given, export),
        ]

    yield from _csv(keys, [*labels, *calculated.values(), ""], batches, lambda one: [cells(one)])


def things_csv(export: Export, batches: Batches, group: str) -> Iterator[str]:
    """A line for each thing of one group."""
    step, questions = next((pair for pair in export.groups if pair[0].key == group), (None, []))
    keys = ["reference", "number", *(one.key for one in questions), _CORRECTED]

    def rows(one: Submission) -> Iterator[list[Anything]]:
        things = _things(_answers(one), step, questions) if step else []
        for number, thing in enumerate(things):
            corrected = [key for key, answer in thing.items() if answer.corrections.all()]
            words = [_words(thing.get(question.key)) for question in questions]
            yield [one.case.reference, number + 1, *words, " ".join(corrected)]

    yield from _csv(keys, ["", "", *(one.label for one in questions), ""], batches, rows)


def answers_json(export: Export, batches: Batches) -> Iterator[str]:
    """One object: what the keys mean, then each sending on a line of its own."""
    legend = [
        {"key": f"{step.key}.{one.key}" if (step, own) in export.groups else one.key, "label": one.label}
        | {"kind": one.kind, "data_class": str(one.data_class)}
        for step, own in export.steps
        for one in own
    ]
    head = {"form": export.definition.slug, "version": export.version.number, "questions": legend}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "submissions": ['
    before = "\n"
    for batch in batches:
        for one in batch:
            yield before + json.dumps(_as_json(export, one), ensure_ascii=False)
            before = ",\n"
    yield "\n]}\n"


def _as_json(export: Export, one: Submission) -> dict[str, Anything]:
    given = _answers(one)
    answers = {
        question.key: _answer_json(given[question.key]) for question in export.questions if question.key in given
    }
    groups = {
        step.key: [{key: _answer_json(answer) for key, answer in thing.items()} for thing in _things(given, step, own)]
        for step, own in export.groups
    }
    calculated = {key: one.calculated[key] for key in export.calculated if key in one.calculated}
    return {
        **dict(zip(_ABOUT, _about(one), strict=True)),
        "answers": answers,
        "groups": groups,
        "calculated": calculated,
    }


def _answer_json(answer: Answer) -> dict[str, Anything]:
    found = {"value": answer.value, "words": answer.words}
    return {**found, _CORRECTED: True} if answer.corrections.all() else found


def _csv(
    keys: list[str], labels: list[str], batches: Batches, rows: Callable[[Submission], Iterable[list[Anything]]]
) -> Iterator[str]:
    cells = (row for batch in batches for one in batch for row in rows(one))
    yield from csv_lines(keys, _with_labels(labels, cells))


def _with_labels(labels: list[str], rows: Iterable[list[Anything]]) -> Iterator[list[Anything]]:
    yield labels
    yield from rows


def _about(one: Submission) -> list[str]:
    return [one.case.reference, timezone.localtime(one.sent_at).isoformat(timespec="seconds"), one.channel, one.outcome]


def _answers(one: Submission) -> dict[str, Answer]:
    return {answer.path: answer for answer in one.answers.all()}


def _words(answer: Answer | None) -> str:
    return answer.words if answer else ""


def _things(given: dict[str, Answer], step: Step, questions: list[Question]) -> list[dict[str, Answer]]:
    """Each by the keys of its answers. A thing whose answers may not be seen, or are forgotten, is there and empty."""
    before = f"{step.key}["
    numbers = [int(path[len(before) :].partition("]")[0]) for path in given if path.startswith(before)]
    return [
        {one.key: given[path] for one in questions if (path := f"{step.key}[{number}].{one.key}") in given}
        for number in range(max(numbers, default=-1) + 1)
    ]


def _things_in_words(given: dict[str, Answer], step: Step, questions: list[Question]) -> str:
    things = [{key: answer.words for key, answer in thing.items()} for thing in _things(given, step, questions)]
    return json.dumps(things, ensure_ascii=False) if things else ""


def _corrected(given: dict[str, Answer], export: Export) -> str:
    """Paths, without those of answers that are not in the file."""
    shown = {one.key for one in export.questions}
    shown |= {f"{step.key}.{one.key}" for step, own in export.groups for one in own}
    paths = [path for path, answer in given.items() if answer.corrections.all()]
    return " ".join(path for path in paths if _without_number(path) in shown)


def _without_number(path: str) -> str:
    group, bracket, rest = path.partition("[")
    return f"{group}.{rest.partition('].')[2]}" if bracket else path
