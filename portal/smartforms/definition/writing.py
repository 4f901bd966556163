"""A form as JSON that `reading.read` gives back as it was. What is as usual is left out."""

import json
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any as Anything

from portal.smartforms.definition.conditions import All, Any, Condition, Moment, Not, Op, Test
from portal.smartforms.definition.model import Definition


def write(definition: Definition) -> str:
    return json.dumps(_plain(definition), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Anything) -> Anything:
    match value:
        case All() | Any() | Not() | Test():
            return _condition(value)
        case Moment():
            return _moment(value)
        case Enum():
            return value.value
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case tuple():
            return [_plain(item) for item in value]
    if not is_dataclass(value):
        return value
    return {
        part.name: _plain(getattr(value, part.name))
        for part in fields(value)
        if part.default is MISSING or getattr(value, part.name) != part.default
    }


def _condition(condition: Condition) -> dict[str, Anything]:
    match condition:
        case All(parts):
            return {"all": [_condition(part) for part in parts]}
        case Any(parts):
            return {"any": [_condition(part) for part in parts]}
        case Not(part):
            return {"not": _condition(part)}
    if condition.op is Op.GIVEN:
        return {"about": condition.about, "given": True}
    several = condition.op in {Op.ONE_OF, Op.INCLUDES}
    values = [_plain(value) for value in condition.values]
    return {"about": condition.about, condition.op.value: values if several else values[0]}


def _moment(moment: Moment) -> str | dict[str, int]:
    if moment.on:
        return moment.on
    return {moment.unit: moment.shift} if moment.shift else "today"
