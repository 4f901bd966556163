"""A rule as people read it: "'How old are you?' is at least 18, and 'Do you live here?' is Yes"."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any as Anything

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from barnet.kit.wording import date_long
from portal.smartforms.definition.conditions import IN_WORDS, All, Any, Condition, Moment, Not, Op, Test
from portal.smartforms.definition.model import Definition
from portal.smartforms.kinds import kind_named

FACT_LABELS = {
    "fact.signed_in": gettext_lazy("The person is signed in"),
    "fact.for_somebody_else": gettext_lazy("It is filled in for somebody else"),
    "fact.with_staff": gettext_lazy("Staff fill it in with the person"),
}


def in_words(condition: Condition, definition: Definition) -> str:
    match condition:
        case All(parts):
            return _list(parts, definition, _(", and "))
        case Any(parts):
            return _list(parts, definition, _(", or "))
        case Not(part):
            return _("not (%(rule)s)") % {"rule": in_words(part, definition)}
    return _test(condition, definition)


def _list(parts: Iterable[Condition], definition: Definition, between: str) -> str:
    return between.join(
        in_words(part, definition) if isinstance(part, Test | Not) else f"({in_words(part, definition)})"
        for part in parts
    )


def _test(test: Test, definition: Definition) -> str:
    if test.about in FACT_LABELS and test.op is Op.ONE_OF:
        answers = {"yes": _("yes"), "no": _("no")}
        said = _(" or ").join(answers.get(str(value), str(value)) for value in test.values)
        return f"{FACT_LABELS[test.about]}: {said}"
    return f"‘{label_of(test.about, definition)}’ {IN_WORDS[test.op]} {_values(test, definition)}".rstrip()


def label_of(key: str, definition: Definition) -> str:
    if key in definition.questions:
        return definition.questions[key].label
    if key in definition.calculation:
        return definition.calculation[key].label
    group = next((step for step in definition.steps if step.key == key), None)
    return group.title if group else str(FACT_LABELS.get(key, key))


def _values(test: Test, definition: Definition) -> str:
    question = definition.questions.get(test.about)
    kind = kind_named(question.kind) if question else None
    labels: dict[Anything, str] = {}
    if question and kind:
        labels = {option.value: str(option.label) for option in kind.options(question)}
    return _(" or ").join(_value(value, labels) for value in test.values)


def _value(value: Anything, labels: dict[Anything, str]) -> str:
    match value:
        case Decimal():
            return f"{value.normalize():,f}"
        case Moment():
            return moment_in_words(value)
    return labels.get(value, str(value))


def moment_in_words(moment: Moment) -> str:
    if moment.on:
        return date_long(dt.date.fromisoformat(moment.on))
    if not moment.shift:
        return _("today")
    number = abs(moment.shift)
    units = {
        "days": ngettext("%d day", "%d days", number),
        "weeks": ngettext("%d week", "%d weeks", number),
        "months": ngettext("%d month", "%d months", number),
        "years": ngettext("%d year", "%d years", number),
    }
    span = units[moment.unit] % number
    return (_("%s ago") if moment.shift < 0 else _("in %s")) % span
