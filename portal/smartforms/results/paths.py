"""Where an answer stands in its form: `name`, or `child[0].name` in a group."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any as Anything

from portal.smartforms.definition.model import Definition, Question, Step

_PATH = re.compile(r"(?:(?P<group>\w+)\[(?P<number>\d+)\]\.)?(?P<key>\w+)")


@dataclass(frozen=True)
class Place:
    """`step` is None for a path that the form does not know. `number` counts the things of a group from 1; 0: none."""

    step: Step | None
    question: Question | None
    number: int = 0


def place_of(definition: Definition, path: str) -> Place:
    found = _PATH.fullmatch(path)
    if found is None:
        return Place(None, None)
    group, key = found["group"], found["key"]
    for step in definition.steps:
        for question in step.questions:
            if question.key == key and (step.key == group or not group):
                return Place(step, question, int(found["number"]) + 1 if group else 0)
    return Place(None, None)


def kept_of(pairs: Iterable[tuple[str, Anything]]) -> dict[str, Anything]:
    """Answers by their paths, as a draft keeps them: the things of a group in a list under its step."""
    kept: dict[str, Anything] = {}
    for path, value in pairs:
        found = _PATH.fullmatch(path)
        if found is None:
            continue
        if found["group"]:
            things, number = kept.setdefault(found["group"], []), int(found["number"])
            things.extend({} for _thing in range(number + 1 - len(things)))
            things[number][found["key"]] = value
        else:
            kept[found["key"]] = value
    return kept
