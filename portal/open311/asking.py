"""The questions of a service's published form, in the five kinds that the standard knows.

Questions about a person, and those about many things or files, have no kind there and are not asked through it.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from barnet.catalogue.models import Service
from portal.open311.problems import CallRefusedError
from portal.smartforms.definition.model import Definition, Question, StepKind
from portal.smartforms.models import SmartForm
from portal.smartforms.versions import definition_of

LONGEST = 4000
_DATATYPES = {
    "yes_no": "singlevaluelist",
    "radios": "singlevaluelist",
    "select": "singlevaluelist",
    "checkboxes": "multivaluelist",
    "short_text": "string",
    "organisation": "string",
    "long_text": "text",
    "number": "number",
    "date": "datetime",
}


@dataclass(frozen=True)
class Asked:
    code: str
    datatype: str
    required: bool
    label: str
    hint: str
    values: dict[str, str] = field(default_factory=dict)


def asked_by_service(services: Iterable[Service]) -> dict[int, list[Asked]]:
    """By the service's key, in one query. Of several published forms of a service the first by name counts."""
    forms = SmartForm.objects.filter(service__in=list(services), live_version__isnull=False)
    found: dict[int, list[Asked]] = {}
    for form in forms.select_related("live_version").order_by("slug"):
        if form.service_id not in found and form.live_version:
            found[form.service_id] = _asked(definition_of(form.live_version))
    return found


def _asked(definition: Definition) -> list[Asked]:
    return [
        _one(question, is_always=not step.show_when and not question.show_when and not definition.ends)
        for step in definition.steps
        if step.kind is StepKind.QUESTIONS
        for question in step.questions
        if question.kind in _DATATYPES
    ]


def _one(question: Question, *, is_always: bool) -> Asked:
    values = {option.value: option.label for option in question.options}
    if question.kind == "yes_no":
        values = {"yes": "Yes", "no": "No"}
    return Asked(
        code=question.key,
        datatype=_DATATYPES[question.kind],
        required=question.required and is_always,
        label=question.label,
        hint=question.hint,
        values=values,
    )


def answered(asked: list[Asked], sent: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Label and answer of each, for the case. Raises CallRefusedError."""
    if unknown := sorted(set(sent) - {one.code for one in asked}):
        raise CallRefusedError(f"This service has no attribute {unknown[0][:60]!r}.")
    details = []
    for one in asked:
        given = sent.get(one.code, [])
        if given:
            details.append((one.label, _checked(one, given)))
        elif one.required:
            raise CallRefusedError(f"Send attribute[{one.code}]: {one.label}")
    return details


def _checked(one: Asked, given: list[str]) -> str:
    if one.datatype != "multivaluelist" and len(given) > 1:
        raise CallRefusedError(f"attribute[{one.code}] has one value.")
    if one.values:
        if wrong := [value for value in given if value not in one.values]:
            raise CallRefusedError(f"attribute[{one.code}] has no value {wrong[0][:60]!r}.")
        return ", ".join(dict.fromkeys(one.values[value] for value in given))
    text = given[0]
    if len(text) > LONGEST:
        raise CallRefusedError(f"attribute[{one.code}] has at most {LONGEST} characters.")
    if one.datatype == "number" and not _is_number(text):
        raise CallRefusedError(f"attribute[{one.code}] is a number.")
    if one.datatype == "datetime" and not _is_day(text):
        raise CallRefusedError(f"attribute[{one.code}] is a date such as 2026-03-27.")
    return text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
